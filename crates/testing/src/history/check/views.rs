//! What somebody was shown.

use std::collections::{BTreeMap, HashMap};

use charla_protocol::{MessageId, RoomId};

use super::facts::Facts;
use crate::history::{Call, Report, Rule, View, What};

/// Whoever sees a message under the same number sees the same.
pub(super) fn one_number_is_one_state(facts: &Facts<'_>, report: &mut Report) {
    let mut states: HashMap<(RoomId, i64), (&View, usize)> = HashMap::new();
    for (place, view) in facts.views() {
        let (state, first) = *states.entry((view.room, view.revision)).or_insert((view, place));
        if state != view {
            let what = format!("under {} stand {state:?} and {view:?}", view.revision);
            report.add(Rule::Conflict, vec![first, place], what);
        }
    }
}

/// A page that gives its room's number shows each message as it was at that number: no reader is ahead of it, or behind.
pub(super) fn a_page_is_of_one_moment(facts: &Facts<'_>, report: &mut Report) {
    let mut changes: HashMap<MessageId, BTreeMap<i64, usize>> = HashMap::new();
    for (place, view) in facts.views() {
        changes.entry(view.id).or_default().entry(view.revision).or_insert(place);
    }
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::Page { revision: Some(revision), messages, .. } = &entry.what else { continue };
        for view in messages {
            if view.revision > *revision {
                report.add(Rule::Torn, vec![place], format!("at {revision}, and ahead of it: {view:?}"));
            }
            let since = view.revision.saturating_add(1);
            let missed = changes.get(&view.id).filter(|_| since <= *revision);
            if let Some((later, first)) = missed.and_then(|changes| changes.range(since..=*revision).next()) {
                let what = format!("at {revision}, and without the change {later}: {view:?}");
                report.add(Rule::Torn, vec![*first, place], what);
            }
        }
    }
}

/// What was seen is in the truth, in its place, and no newer than there.
pub(super) fn seen_is_there(facts: &Facts<'_>, report: &mut Report) {
    for (place, view) in facts.views() {
        let Some(truth) = facts.truth.get(&view.room) else { continue };
        let there = truth.by_id.get(&view.id);
        let is_there = there.is_some_and(|there| {
            (there.seq, there.sender, &there.client_id) == (view.seq, view.sender, &view.client_id)
                && there.revision >= view.revision
        });
        if !is_there {
            report.add(Rule::Phantom, vec![place], format!("seen was {view:?}, and there is {there:?}"));
        }
    }
}

/// From the number of a deletion on, and in answers to what was asked after it was acknowledged, the text is gone.
pub(super) fn deleted_is_gone(facts: &Facts<'_>, report: &mut Report) {
    let mut from: HashMap<MessageId, (i64, usize)> = HashMap::new();
    for (place, view) in facts.views().filter(|(_, view)| view.is_deleted) {
        let held = from.entry(view.id).or_insert((view.revision, place));
        if view.revision < held.0 {
            *held = (view.revision, place);
        }
    }
    let mut done: HashMap<MessageId, usize> = HashMap::new();
    for attempt in facts.attempts.iter().filter(|attempt| attempt.is_acknowledged()) {
        if let Call::Delete { message, .. } = attempt.call {
            done.entry(*message).and_modify(|end| *end = attempt.end().min(*end)).or_insert(attempt.end());
            if let Some(revision) = attempt.revision() {
                from.entry(*message).or_insert((revision, attempt.end()));
            }
        }
    }
    for (place, view) in facts.views() {
        let is_shown = !view.is_deleted
            || !view.content.is_empty()
            || !view.reactions.is_empty()
            || !view.files.is_empty();
        if !is_shown {
            continue;
        }
        if let Some((revision, first)) = from.get(&view.id).filter(|(revision, _)| view.revision >= *revision)
        {
            let what = format!("deleted by {revision}, and shown by {}", view.revision);
            report.add(Rule::Undeleted, vec![*first, place], what);
        }
        let asked = match &facts.history.entries[place].what {
            What::Page { asked, .. } => *asked,
            What::Truth { .. } => place,
            _ => continue,
        };
        if let Some(end) = done.get(&view.id).filter(|end| **end < asked) {
            report.add(Rule::Undeleted, vec![*end, place], format!("shown after its deletion: {view:?}"));
        }
    }
}

/// A page, or a `hello`, that was asked for after an answer has at least the answer's number.
pub(super) fn answers_know_what_was_answered(facts: &Facts<'_>, report: &mut Report) {
    let told: HashMap<usize, (RoomId, i64)> = facts
        .attempts
        .iter()
        .filter_map(|attempt| {
            let room = match attempt.call {
                Call::Send { room, .. } | Call::Edit { room, .. } | Call::Delete { room, .. } => *room,
                Call::React { room, .. } => *room,
                Call::Admit { .. } | Call::Read { .. } | Call::SignOut { .. } | Call::Look => return None,
            };
            Some((attempt.end(), (room, attempt.revision()?)))
        })
        .collect();
    // The highest number answered by each place, room by room, as far as it rises.
    let mut steps: HashMap<RoomId, Vec<(usize, i64)>> = HashMap::new();
    for place in 0..facts.history.entries.len() {
        if let Some((room, revision)) = told.get(&place) {
            let steps = steps.entry(*room).or_default();
            if steps.last().is_none_or(|(_, last)| revision > last) {
                steps.push((place, *revision));
            }
        }
    }
    let answered_by = |room: RoomId, place: usize| {
        let steps = steps.get(&room)?;
        steps[..steps.partition_point(|(at, _)| *at < place)].last().copied()
    };
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let (asked, room, shown) = match &entry.what {
            What::Page { asked, room, revision: Some(revision), .. } => (*asked, *room, *revision),
            What::Truth { room, revision, .. } => (place, *room, *revision),
            _ => continue,
        };
        if let Some((first, revision)) = answered_by(room, asked).filter(|(_, revision)| *revision > shown) {
            let what = format!("{room} was shown at {shown} after {revision} was answered");
            report.add(Rule::Stale, vec![first, asked, place], what);
        }
    }
}
