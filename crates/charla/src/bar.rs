//! How far a command is, for whoever waits for it: on standard error, as what it comes to is on standard output.

use std::io::{IsTerminal, Write, stderr};

use charla_keep::{Progress, Stage};

/// Columns of the bar.
const WIDTH: usize = 40;

/// A bar on a terminal; elsewhere lines.
pub(crate) struct Bar {
    is_terminal: bool,
    shown: Option<(Stage, u64)>,
    /// Percent between two lines.
    step: u64,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let is_terminal = stderr().is_terminal();
        Self { is_terminal, shown: None, step: if is_terminal { 1 } else { 10 } }
    }

    pub(crate) fn show(&mut self, Progress { stage, done, total }: Progress) {
        let percent = (done * 100).checked_div(total).map_or(100, |percent| percent.min(100));
        let percent = percent - percent % self.step;
        let before = self.shown.replace((stage, percent));
        if before == Some((stage, percent)) {
            return;
        }
        if before.is_some_and(|(before, _)| before != stage) {
            self.end();
        }
        let words = words(stage);
        let text = if self.is_terminal {
            format!("\r{} {words}", drawn(percent))
        } else {
            format!("{words}: {percent} %\n")
        };
        // Where nobody listens any more, the work goes on.
        stderr().write_all(text.as_bytes()).ok();
    }

    /// Ends the line of the bar.
    pub(crate) fn end(&self) {
        if self.is_terminal && self.shown.is_some() {
            stderr().write_all(b"\n").ok();
        }
    }
}

/// The bar itself, with its figure.
pub(crate) fn drawn(percent: u64) -> String {
    let full = WIDTH * usize::try_from(percent).unwrap_or_default() / 100;
    format!("[{}{}] {percent:3} %", "#".repeat(full), " ".repeat(WIDTH - full))
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Checking => "checking the backup",
        Stage::Rows => "rows",
        Stage::Comparing => "comparing",
        Stage::Files => "files",
    }
}
