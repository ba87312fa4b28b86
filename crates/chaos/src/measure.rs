//! Measurements: how long it takes until all is well again.

pub(crate) mod half_open;
pub(crate) mod reconnect;
pub(crate) mod redis_away;
pub(crate) mod rolling;

use std::time::Duration;

use anyhow::Result;
use charla_client::{LiveClient, LiveOptions};

use crate::person::Person;

/// For what is to happen in the end.
const PATIENCE: Duration = Duration::from_secs(180);

/// A client by its own rules, on the person's session with that node.
fn live(person: &Person, node: usize, follow_all: bool, seed: u64) -> LiveClient {
    let options = LiveOptions { seed: Some(seed), follow_all, ..LiveOptions::default() };
    LiveClient::start(person.clients[node].clone(), options)
}

/// The middle, the 99th of a hundred, and the highest, in milliseconds.
fn spread(mut times: Vec<Duration>) -> Result<String> {
    times.sort_unstable();
    let at = |percent: usize| {
        times.get((times.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default()
    };
    let [middle, most, highest] = [50, 99, 100].map(|percent| at(percent).as_millis());
    Ok(format!("p50 {middle} ms, p99 {most} ms, max {highest} ms, of {}", times.len()))
}
