//! Waiting until nobody else uses the machine.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{machine, report::Report, stats::float};

/// Over which time it is looked how busy the machine is.
const LOOK: Duration = Duration::from_secs(1);
/// How the note begins that says so where it was not.
pub(crate) const NOT_QUIET: &str = "not a quiet machine";
/// Percent of all processors together that count as quiet.
const QUIET: f64 = 5.0;

/// Waits until the machine has been quiet for a second. After `patience` it goes on all the same, and the report says so.
pub(crate) async fn wait(patience: Duration, report: &mut Report) -> Result<()> {
    let begin = Instant::now();
    loop {
        let before = machine::busy()?;
        tokio::time::sleep(LOOK).await;
        let after = machine::busy()?;
        let percent = 100.0 * float(after.0 - before.0) / float((after.1 - before.1).max(1));
        if percent <= QUIET {
            return Ok(());
        }
        if begin.elapsed() >= patience {
            report.note(format!("{NOT_QUIET}: it was {percent:.0} % busy when the measurement began"));
            return Ok(());
        }
    }
}
