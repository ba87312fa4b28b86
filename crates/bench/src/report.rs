//! What a run has found: figures with their spread, the ratio to the baseline of the same repeat, and what was aimed at.

pub(crate) mod figure;
pub(crate) mod number;
mod page;
mod plot;
mod series;
mod table;

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use charla_db::clock::{Clock, SystemClock};
use serde::{Deserialize, Serialize};

use crate::machine::{self, Cores, Machine};

pub(crate) use self::{
    figure::{Figure, Ratio, Target},
    page::write_page,
    series::Series,
};

/// Everything measured, in the order of the first measurement.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    machine: Machine,
    runs: Vec<Run>,
    figures: Vec<Figure>,
    series: Vec<Series>,
}

/// A start of the program, or its part in a report of several.
#[derive(Debug, Serialize, Deserialize)]
struct Run {
    scenarios: Vec<String>,
    /// UTC.
    began: String,
    command: String,
    load_before: f64,
    load_after: f64,
    notes: Vec<String>,
}

impl Report {
    /// An empty one.
    pub(crate) fn begin(cores: Cores) -> Result<Self> {
        let run = Run {
            scenarios: Vec::new(),
            began: SystemClock.now().to_string(),
            command: command(std::env::args()),
            load_before: machine::load_average()?,
            load_after: 0.0,
            notes: Vec::new(),
        };
        Ok(Self {
            machine: Machine::describe(cores)?,
            runs: vec![run],
            figures: Vec::new(),
            series: Vec::new(),
        })
    }

    /// What is added from here on belongs to this scenario.
    pub(crate) fn enter(&mut self, scenario: &str) {
        self.run().scenarios.push(scenario.to_owned());
    }

    /// Adds a value to the figure of that name.
    pub(crate) fn add(&mut self, name: impl Into<String>, unit: &str, value: f64) {
        self.figure(name.into(), unit).values.push(value);
    }

    /// The same, with the baseline that belongs to the value.
    pub(crate) fn add_against(
        &mut self,
        name: impl Into<String>,
        unit: &str,
        value: f64,
        baseline: f64,
        of: &str,
    ) {
        let figure = self.figure(name.into(), unit);
        figure.values.push(value);
        let ratio = figure.ratio.get_or_insert_with(|| Ratio {
            of: of.to_owned(),
            values: Vec::new(),
            limits: Vec::new(),
        });
        ratio.values.push(value / baseline);
        ratio.limits.push(baseline);
    }

    /// Says what a figure that was measured should be.
    pub(crate) fn aim(&mut self, name: &str, target: Target) {
        if let Some(figure) = self.figures.iter_mut().find(|figure| figure.name == name) {
            figure.target = Some(target);
        }
    }

    /// Adds a point to the line of that name in that plot.
    pub(crate) fn point(&mut self, plot: &str, axis: &str, unit: &str, line: &str, x: f64, y: f64) {
        let at = self.series.iter().position(|series| series.is(plot, line)).unwrap_or_else(|| {
            self.series.push(Series::empty(plot, axis, unit, line));
            self.series.len() - 1
        });
        self.series[at].add(x, y);
    }

    /// Adds a sentence below the table.
    pub(crate) fn note(&mut self, note: String) {
        if !self.run().notes.contains(&note) {
            self.run().notes.push(note);
        }
    }

    /// Looks at the machine again.
    pub(crate) fn finish(&mut self, cores: Cores) -> Result<()> {
        self.run().load_after = machine::load_average()?;
        if cores.server == cores.load {
            self.note("one processor for all: figures of time say little".to_owned());
        }
        if cfg!(debug_assertions) {
            self.note("a debug build: the figures mean nothing".to_owned());
        }
        Ok(())
    }

    /// Writes all values.
    pub(crate) fn write_json(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path, text + "\n").with_context(|| format!("{} can't be written", path.display()))
    }

    /// Reads what [`write_json`](Self::write_json) has written.
    pub(crate) fn read_json(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("no {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
    }

    /// Takes the figures of a later run, in place of those of the same scenarios here.
    pub(crate) fn take(&mut self, later: Self) {
        let anew: Vec<String> = later.runs.iter().flat_map(|run| run.scenarios.clone()).collect();
        self.figures.retain(|figure| !anew.contains(&figure.scenario));
        self.series.retain(|series| !later.series.iter().any(|new| new.plot == series.plot));
        for run in &mut self.runs {
            run.scenarios.retain(|scenario| !anew.contains(scenario));
        }
        self.runs.retain(|run| !run.scenarios.is_empty());
        self.runs.extend(later.runs);
        self.figures.extend(later.figures);
        self.series.extend(later.series);
    }

    fn run(&mut self) -> &mut Run {
        let last = self.runs.len() - 1;
        &mut self.runs[last]
    }

    fn figure(&mut self, name: String, unit: &str) -> &mut Figure {
        let at = self.figures.iter().position(|figure| figure.name == name).unwrap_or_else(|| {
            let scenario = self.run().scenarios.last().cloned().unwrap_or_default();
            self.figures.push(Figure::empty(scenario, name, unit));
            self.figures.len() - 1
        });
        &mut self.figures[at]
    }
}

/// How it was started, without what is about this machine alone.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let mut command = vec!["charla-bench".to_owned()];
    let mut arguments = arguments.skip(1);
    while let Some(argument) = arguments.next() {
        if ["--json", "--server", "--folder", "--write"].contains(&argument.as_str()) {
            arguments.next();
        } else {
            command.push(argument);
        }
    }
    command.join(" ")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}\n", self.machine)?;
        table::write_all(f, &self.figures)?;
        let aimed_at: Vec<&Figure> = self.figures.iter().filter(|figure| figure.target.is_some()).collect();
        if !aimed_at.is_empty() {
            writeln!(f)?;
            table::write_targets(f, &aimed_at)?;
        }
        writeln!(f)?;
        for run in &self.runs {
            writeln!(f, "{}: load average {} before, {} after", run.began, run.load_before, run.load_after)?;
            for note in &run.notes {
                writeln!(f, "{note}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(scenario: &str) -> Report {
        let mut report = Report::begin(Cores { server: 0, load: 1 }).unwrap();
        report.enter(scenario);
        report
    }

    #[test]
    fn values_of_one_name_are_one_figure() {
        let mut report = report("room");
        for (value, baseline) in [(1.0, 2.0), (3.0, 4.0), (9.0, 9.0)] {
            report.add_against("x", "/s", value, baseline, "y");
        }
        report.add("z", "kB", 5.0);
        report.aim("x", Target::RatioAtLeast(0.8));
        let text = report.to_string();
        assert!(text.contains("0.75 × y (0.50 to 1.00)"), "{text}");
        assert!(text.contains("not met"), "{text}");
        assert_eq!(report.figures.len(), 2);
        assert_eq!(report.figures[0].median(), 3.0);
    }

    #[test]
    fn paths_are_nobody_elses_business() {
        let line = "/x/charla-bench --only room --json /x/y.json --repeats 3 --server /x/charla";
        assert_eq!(command(line.split(' ').map(str::to_owned)), "charla-bench --only room --repeats 3");
    }

    #[test]
    fn a_later_run_takes_the_place_of_the_same_scenario_alone() {
        let (mut first, mut later) = (report("room"), report("idle"));
        first.add("x", "/s", 1.0);
        first.enter("idle");
        first.add("y", "kB", 2.0);
        later.add("y", "kB", 3.0);
        first.take(later);
        let values: Vec<_> =
            first.figures.iter().map(|figure| (figure.name.as_str(), figure.median())).collect();
        assert_eq!(values, [("x", 1.0), ("y", 3.0)]);
        assert_eq!(first.runs.len(), 2);
    }
}
