//! Measurements: how long it takes until all is well again, held against what is promised.

pub(crate) mod half_open;
pub(crate) mod reconnect;
pub(crate) mod redis_away;
pub(crate) mod rolling;
pub(crate) mod sign_in_attack;

use std::time::Duration;

use charla_client::{LiveClient, LiveOptions};

use crate::person::Person;

/// For what is to happen in the end.
const PATIENCE: Duration = Duration::from_secs(180);

/// A client by its own rules, on the person's session with that node.
fn live(person: &Person, node: usize, follow_all: bool, seed: u64) -> LiveClient {
    let options = LiveOptions { seed: Some(seed), follow_all, ..LiveOptions::default() };
    LiveClient::start(person.clients[node].clone(), options)
}

/// What was measured, with whether all of it was as promised.
#[derive(Debug, Default)]
struct Findings {
    broken: usize,
}

impl Findings {
    /// Says how long something took; one promise is broken where that is longer than it may be.
    fn hold(&mut self, what: &str, took: Duration, at_most: Duration) {
        self.judge(format!("{what}: {} ms", took.as_millis()), took, at_most);
    }

    /// Says how long each of many took; the promise is about the longest.
    fn hold_each(&mut self, what: &str, times: Vec<Duration>, at_most: Duration) {
        let longest = times.iter().max().copied().unwrap_or(Duration::MAX);
        self.judge(format!("{what}: {}", spread(times)), longest, at_most);
    }

    fn judge(&mut self, said: String, took: Duration, at_most: Duration) {
        let is_broken = took > at_most;
        self.broken += usize::from(is_broken);
        let verdict = if is_broken { ": TOO LONG" } else { "" };
        println!("{said}; {} ms at most{verdict}", at_most.as_millis());
    }

    fn are_good(&self) -> bool {
        self.broken == 0
    }
}

/// The middle, the 99th of a hundred, and the highest, in milliseconds.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        times.get((times.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default()
    };
    let [middle, most, highest] = [50, 99, 100].map(|percent| at(percent).as_millis());
    format!("p50 {middle} ms, p99 {most} ms, max {highest} ms, of {}", times.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_takes_longer_than_promised_is_a_finding() {
        let mut findings = Findings::default();
        findings.hold("in time", SECOND, SECOND);
        findings.hold_each("each in time", vec![SECOND / 2, SECOND], SECOND);
        assert!(findings.are_good());
        findings.hold("late", 2 * SECOND, SECOND);
        findings.hold_each("one of many late", vec![SECOND, 2 * SECOND, SECOND], SECOND);
        assert_eq!(findings.broken, 2);
        findings.hold_each("none came", Vec::new(), SECOND);
        assert_eq!((findings.broken, findings.are_good()), (3, false));
    }
}
