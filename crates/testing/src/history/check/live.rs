//! What comes by itself, once everything is healed.

use crate::history::{Report, Rule, What};

use super::facts::Facts;

/// Milliseconds: two seconds, as when the channel layer is away, and some for a busy machine. What comes with a look in rotation
/// comes later than that.
pub(super) const AT_ONCE: u64 = 5_000;

/// What was written on one node is delivered on each.
pub(super) fn messages_are_delivered_at_once(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::Delivered { from, node, message, took_ms } = &entry.what else { continue };
        if took_ms.is_none_or(|took| took > AT_ONCE) {
            let what = format!("{message} of node {from} came to node {node} after {took_ms:?} ms");
            report.add(Rule::Late, vec![place], what);
        }
    }
}

/// Each node shows that those are there who have a socket on any of them.
pub(super) fn who_is_there_is_online(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::Presence { node, user, is_online, is_there } = &entry.what else { continue };
        if is_online != is_there {
            let what =
                format!("node {node} says {is_online} of {user}, and it is {is_there} that they are there");
            report.add(Rule::Presence, vec![place], what);
        }
    }
}
