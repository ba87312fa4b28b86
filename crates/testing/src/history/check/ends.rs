//! The end, when all is healed and nobody writes.

use crate::history::{Call, Read, Report, Rule, View, What};

use super::{facts::Facts, past::beginning};

/// What each client shows of its rooms, by its own book-keeping, is the truth; of a room whose history begins with joining, as far
/// as it is not hidden. What was shown before they left and came back is their own.
pub(super) fn everybody_shows_the_truth(facts: &Facts<'_>, report: &mut Report) {
    for entry in &facts.history.entries {
        let What::Shown { room, revision, messages } = &entry.what else { continue };
        let Some(truth) = facts.truth.get(room) else { continue };
        let user = facts.history.users[entry.client];
        let is_past = facts.history.from_join.contains(room);
        let from = is_past.then(|| beginning(facts, *room, user, i64::MAX)).flatten().unwrap_or_default();
        let since =
            |views: &[View]| views.iter().filter(|view| view.seq >= from).cloned().collect::<Vec<_>>();
        if let Some(what) = difference(&since(truth.messages), truth.revision, &since(messages), *revision) {
            report.add(Rule::Shown, vec![truth.place], format!("client {}: {what}", entry.client));
        }
    }
}

/// Every reading of a room gives the same, from whichever node and by whichever call; in the order of the numbers.
pub(super) fn all_nodes_agree(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::Truth { room, revision, messages, by, node } = &entry.what else { continue };
        let key = |view: &View| if *by == Read::Changes { view.revision } else { view.seq };
        if !messages.is_sorted_by(|one, next| key(one) < key(next)) {
            report.add(
                Rule::Disagree,
                vec![place],
                format!("{room} by {by:?} of node {node} is not in order"),
            );
        }
        let Some(truth) = facts.truth.get(room) else { continue };
        if let Some(what) = difference(truth.messages, truth.revision, messages, *revision) {
            report.add(Rule::Disagree, vec![truth.place, place], format!("{by:?} of node {node}: {what}"));
        }
    }
}

/// What each client has left to read is what others said past what it has read.
pub(super) fn unread_counts_agree(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::Unread { room, count } = &entry.what else { continue };
        let Some(truth) = facts.truth.get(room) else { continue };
        let user = facts.history.users[entry.client];
        let reads = || {
            facts.attempts.iter().filter(|attempt| attempt.user == user && !attempt.is_refused()).filter_map(
                |attempt| match attempt.call {
                    Call::Read { room: of, seq, .. } if of == room => Some((*seq, attempt.is_acknowledged())),
                    _ => None,
                },
            )
        };
        let left = |cursor: i64| {
            let others = truth.messages.iter().filter(|view| view.sender != user && !view.is_system);
            others.filter(|view| view.seq > cursor && !view.is_deleted).count() as u64
        };
        let acknowledged = reads().filter(|(_, done)| *done).map(|(seq, _)| seq).max().unwrap_or_default();
        let highest = reads().map(|(seq, _)| seq).max().unwrap_or_default();
        let (least, most) = (left(highest), left(acknowledged));
        if !(least..=most).contains(count) {
            let what = format!("{count} of {room} are unread, and {least} to {most} should be");
            report.add(Rule::Unread, vec![place], what);
        }
    }
}

/// How a reading differs from the truth, if it does.
fn difference(truth: &[View], at: i64, other: &[View], revision: i64) -> Option<String> {
    if at != revision {
        return Some(format!("revision {revision} instead of {at}"));
    }
    let by_seq = |views: &[View]| {
        let mut views: Vec<View> = views.to_vec();
        views.sort_by_key(|view| view.seq);
        views
    };
    let (truth, other) = (by_seq(truth), by_seq(other));
    if let Some((there, here)) = truth.iter().zip(&other).find(|(there, here)| there != here) {
        return Some(format!("{here:?} instead of {there:?}"));
    }
    (truth.len() != other.len()).then(|| format!("{} messages instead of {}", other.len(), truth.len()))
}
