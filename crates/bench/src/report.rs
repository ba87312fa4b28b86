//! The figures of a run: medians with their spread and, where there is one, the ratio to the baseline of the same repeat.

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    machine::{self, Cores},
    stats::median,
};

/// Everything measured, in the order of the first measurement.
#[derive(Debug)]
pub(crate) struct Report {
    figures: Vec<Figure>,
    notes: Vec<String>,
    cores: Cores,
    processor: String,
    load_before: f64,
    load_after: f64,
}

#[derive(Debug)]
struct Figure {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
    ratio: Option<Ratio>,
}

/// Value by baseline, repeat by repeat.
#[derive(Debug)]
struct Ratio {
    of: &'static str,
    values: Vec<f64>,
}

impl Report {
    /// An empty one.
    pub(crate) fn begin(cores: Cores) -> Result<Self> {
        Ok(Self {
            figures: Vec::new(),
            notes: Vec::new(),
            cores,
            processor: machine::processor(),
            load_before: machine::load_average()?,
            load_after: 0.0,
        })
    }

    /// Adds a value to the figure of that name.
    pub(crate) fn add(&mut self, name: impl Into<String>, unit: &'static str, value: f64) {
        self.figure(name.into(), unit).values.push(value);
    }

    /// The same, with the baseline that belongs to the value.
    pub(crate) fn add_against(
        &mut self,
        name: impl Into<String>,
        unit: &'static str,
        value: f64,
        baseline: f64,
        of: &'static str,
    ) {
        let figure = self.figure(name.into(), unit);
        figure.values.push(value);
        figure.ratio.get_or_insert_with(|| Ratio { of, values: Vec::new() }).values.push(value / baseline);
    }

    /// Adds a sentence below the table.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Looks at the machine again.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.load_after = machine::load_average()?;
        if self.cores.server == self.cores.load {
            self.note("one processor for all: figures of time say little".to_owned());
        }
        if cfg!(debug_assertions) {
            self.note("a debug build: the figures mean nothing".to_owned());
        }
        Ok(())
    }

    /// Writes all values.
    pub(crate) fn write_json(&self, path: &Path) -> Result<()> {
        let report = json!({
            "processor": self.processor,
            "server_core": self.cores.server,
            "load_core": self.cores.load,
            "load_average_before": self.load_before,
            "load_average_after": self.load_after,
            "figures": self.figures.iter().map(Figure::json).collect::<Vec<_>>(),
            "notes": self.notes,
        });
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text + "\n").with_context(|| format!("{} can't be written", path.display()))
    }

    fn figure(&mut self, name: String, unit: &'static str) -> &mut Figure {
        let at = self.figures.iter().position(|figure| figure.name == name).unwrap_or_else(|| {
            self.figures.push(Figure { name, unit, values: Vec::new(), ratio: None });
            self.figures.len() - 1
        });
        &mut self.figures[at]
    }
}

impl Figure {
    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "unit": self.unit,
            "median": median(&self.values),
            "values": self.values,
            "ratio": self.ratio.as_ref().map(|ratio| json!({
                "of": ratio.of,
                "median": median(&ratio.values),
                "values": ratio.values,
            })),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{}; server on core {}, load on core {}",
            self.processor, self.cores.server, self.cores.load
        )?;
        writeln!(f, "load average {} before, {} after\n", self.load_before, self.load_after)?;
        let width = self.figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or_default();
        writeln!(f, "{:width$} {:>12} {:>12} {:>12} {:7} ratio", "", "median", "lowest", "highest", "")?;
        for figure in &self.figures {
            figure.write(f, width)?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}

impl Figure {
    fn write(&self, f: &mut fmt::Formatter<'_>, width: usize) -> fmt::Result {
        let (lowest, highest) = spread(&self.values);
        write!(
            f,
            "{:width$} {:>12} {:>12} {:>12} {:7}",
            self.name,
            number(median(&self.values)),
            number(lowest),
            number(highest),
            self.unit
        )?;
        if let Some(ratio) = &self.ratio {
            let (lowest, highest) = spread(&ratio.values);
            write!(f, " {:.2} × {} ({lowest:.2} to {highest:.2})", median(&ratio.values), ratio.of)?;
        }
        writeln!(f)
    }
}

fn spread(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// Three places behind the point of small ones, none of large ones, with commas between thousands.
fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.3}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(number(0.123_45), "0.123");
        assert_eq!(number(1_234.5), "1,234");
        assert_eq!(number(-123_456.0), "-123,456");
        assert_eq!(number(100.0), "100");
    }

    #[test]
    fn values_of_one_name_are_one_figure() {
        let mut report = Report::begin(Cores { server: 0, load: 1 }).unwrap();
        for (value, baseline) in [(1.0, 2.0), (3.0, 4.0), (9.0, 9.0)] {
            report.add_against("x", "/s", value, baseline, "y");
        }
        report.add("z", "kB", 5.0);
        let text = report.to_string();
        assert!(text.contains("0.75 × y (0.50 to 1.00)"), "{text}");
        assert_eq!(report.figures.len(), 2);
        assert_eq!(report.figures[0].json()["median"], 3.0);
    }
}
