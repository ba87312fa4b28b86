//! Sessions that have ended.

use std::collections::HashMap;

use crate::history::{Call, Report, Rule, What};

use super::{facts::Facts, live::AT_ONCE};

/// What a client asks for once its session has ended is answered with nothing, and its sockets are cut. A client opens sockets
/// one after the other, and none while its session is being ended.
pub(super) fn ended_means_ended(facts: &Facts<'_>, report: &mut Report) {
    let mut ended: HashMap<usize, usize> = HashMap::new();
    for attempt in facts.attempts.iter().filter(|attempt| attempt.is_acknowledged()) {
        if let Call::SignOut { client } = attempt.call {
            ended.entry(*client).or_insert(attempt.end());
        }
    }
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let asked = match &entry.what {
            What::Page { asked, .. } => *asked,
            What::Opened { .. } => place,
            What::Cut { node, took_ms } if took_ms.is_none_or(|took| took > AT_ONCE) => {
                let what =
                    format!("a socket on node {node} was cut {took_ms:?} ms after its session had ended");
                report.add(Rule::SignedOut, vec![place], what);
                continue;
            }
            _ => continue,
        };
        if let Some(end) = ended.get(&entry.client).filter(|end| **end < asked) {
            report.add(Rule::SignedOut, vec![*end, place], "a session that had ended was shown something");
        }
    }
}
