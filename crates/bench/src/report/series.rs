//! Lines of a plot: what something costs as something else grows.

use serde::{Deserialize, Serialize};

use crate::stats::median;

/// One line. Plots of the same name show their lines together.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Series {
    pub(crate) plot: String,
    /// What grows to the right.
    pub(crate) axis: String,
    /// Of what grows upwards.
    pub(crate) unit: String,
    pub(crate) line: String,
    points: Vec<Point>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Point {
    x: f64,
    /// One a repeat.
    values: Vec<f64>,
}

impl Series {
    pub(super) fn empty(plot: &str, axis: &str, unit: &str, line: &str) -> Self {
        let [plot, axis, unit, line] = [plot, axis, unit, line].map(str::to_owned);
        Self { plot, axis, unit, line, points: Vec::new() }
    }

    pub(super) fn is(&self, plot: &str, line: &str) -> bool {
        self.plot == plot && self.line == line
    }

    #[expect(clippy::float_cmp, reason = "sizes are whole numbers")]
    pub(super) fn add(&mut self, x: f64, y: f64) {
        match self.points.iter_mut().find(|point| point.x == x) {
            Some(point) => point.values.push(y),
            None => self.points.push(Point { x, values: vec![y] }),
        }
    }

    /// Medians, in the order in which they were measured.
    pub(super) fn medians(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.x, median(&point.values))).collect()
    }
}
