//! One figure: its values, the ratio to a limit, and what it should be.

use serde::{Deserialize, Serialize};

use super::number::{number, short};
use crate::stats::median;

/// What was measured, once a repeat.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) scenario: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) values: Vec<f64>,
    pub(crate) ratio: Option<Ratio>,
    pub(crate) target: Option<Target>,
}

/// Value by limit, repeat by repeat.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ratio {
    /// The limit's name.
    pub(crate) of: String,
    pub(crate) values: Vec<f64>,
    pub(crate) limits: Vec<f64>,
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// At least so many times the limit.
    RatioAtLeast(f64),
    /// At most so many times the limit.
    RatioAtMost(f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Figure {
    pub(crate) fn empty(scenario: String, name: String, unit: &str) -> Self {
        Self { scenario, name, unit: unit.to_owned(), values: Vec::new(), ratio: None, target: None }
    }

    pub(crate) fn median(&self) -> f64 {
        median(&self.values)
    }

    /// Median, lowest and highest of what the target is about: the ratio, or the value itself.
    pub(crate) fn judged(&self) -> (f64, f64, f64) {
        let values = match (self.target, &self.ratio) {
            (Some(Target::RatioAtLeast(_) | Target::RatioAtMost(_)), Some(ratio)) => &ratio.values,
            _ => &self.values,
        };
        let (lowest, highest) = spread(values);
        (median(values), lowest, highest)
    }

    /// How far the target is reached: 1 is just met, more is better.
    pub(crate) fn reached(&self) -> Option<f64> {
        let (found, ..) = self.judged();
        Some(match self.target? {
            Target::RatioAtLeast(least) | Target::AtLeast(least) => found / least,
            Target::RatioAtMost(most) | Target::AtMost(most) => match found > 0.0 {
                true => most / found,
                false => f64::INFINITY,
            },
        })
    }

    /// Whether the median is where it should be. None where nothing is aimed at.
    pub(crate) fn is_met(&self) -> Option<bool> {
        let (found, ..) = self.judged();
        Some(match self.target? {
            Target::RatioAtLeast(least) | Target::AtLeast(least) => found >= least,
            Target::RatioAtMost(most) | Target::AtMost(most) => found <= most,
        })
    }

    /// The target in words.
    pub(crate) fn wanted(&self) -> String {
        match self.target {
            Some(Target::RatioAtLeast(least)) => format!("≥ {} ×", short(least)),
            Some(Target::RatioAtMost(most)) => format!("≤ {} ×", short(most)),
            Some(Target::AtLeast(least)) => format!("≥ {} {}", short(least), self.unit),
            Some(Target::AtMost(most)) => format!("≤ {} {}", short(most), self.unit),
            None => String::new(),
        }
        .trim_end()
        .to_owned()
    }

    /// What was found of what the target is about, with its spread.
    pub(crate) fn found(&self) -> String {
        let (found, lowest, highest) = self.judged();
        match self.target {
            Some(Target::RatioAtLeast(_) | Target::RatioAtMost(_)) => {
                format!("{found:.2} × ({lowest:.2} to {highest:.2})")
            }
            _ => {
                let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
                format!("{}{unit} ({} to {})", number(found), number(lowest), number(highest))
            }
        }
    }
}

/// The lowest and the highest.
pub(crate) fn spread(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_about_the_ratio_or_the_value() {
        let mut figure = Figure::empty(String::new(), String::new(), "ms");
        figure.values = vec![8.0, 12.0, 9.0];
        assert_eq!(figure.is_met(), None);
        figure.target = Some(Target::AtMost(10.0));
        assert_eq!(figure.is_met(), Some(true));
        assert!(figure.reached().unwrap() > 1.0);
        figure.target = Some(Target::AtLeast(10.0));
        assert_eq!(figure.is_met(), Some(false));
        figure.ratio =
            Some(Ratio { of: "raw".to_owned(), values: vec![0.4, 0.6, 0.5], limits: vec![20.0; 3] });
        figure.target = Some(Target::RatioAtLeast(0.5));
        assert_eq!(figure.is_met(), Some(true));
        assert_eq!(figure.found(), "0.50 × (0.40 to 0.60)");
        figure.target = Some(Target::RatioAtMost(0.3));
        assert_eq!(figure.is_met(), Some(false));
        assert_eq!(figure.wanted(), "≤ 0.3 ×");
    }
}
