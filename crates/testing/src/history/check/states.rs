//! What changes a message more than once: the last change that was acknowledged stands.

use std::collections::HashMap;

use charla_protocol::{MessageId, UserId};

use super::facts::{Attempt, Facts};
use crate::history::{Call, Report, Rule};

/// A value that a change wrote, and the change; none for what was there at first.
pub(super) type Written<'a, T> = (T, Option<Attempt<'a>>);

/// What a message says is what an edit wrote after which no other was acknowledged.
pub(super) fn the_last_edit_stands(facts: &Facts<'_>, report: &mut Report) {
    let mut written: HashMap<MessageId, Vec<Written<'_, &str>>> = HashMap::new();
    for attempt in facts.attempts.iter().filter(|attempt| !attempt.is_refused()) {
        if let Call::Edit { message, content, .. } = attempt.call {
            written.entry(*message).or_default().push((content, Some(*attempt)));
        }
    }
    for truth in facts.truth.values() {
        for view in truth.messages.iter().filter(|view| !view.is_deleted && !view.is_system) {
            let key = (view.sender, view.client_id.as_deref().unwrap_or_default());
            let Some(send) = facts.sends.get(&key) else { continue };
            let mut written = written.remove(&view.id).unwrap_or_default();
            written.push((send.content, None));
            if let Some(entries) = is_overwritten(&written, &view.content.as_str()) {
                report.add(Rule::Overwritten, entries, format!("what stands is {view:?}"));
            }
        }
    }
}

/// Whether somebody's emoji stands under a message is what the last acknowledged change said.
pub(super) fn the_last_reaction_stands(facts: &Facts<'_>, report: &mut Report) {
    let mut written: HashMap<(MessageId, UserId, &str), Vec<Written<'_, bool>>> = HashMap::new();
    for attempt in facts.attempts.iter().filter(|attempt| !attempt.is_refused()) {
        if let Call::React { message, emoji, added, .. } = attempt.call {
            let key = (*message, attempt.user, emoji.as_str());
            written.entry(key).or_insert_with(|| vec![(false, None)]).push((*added, Some(*attempt)));
        }
    }
    for truth in facts.truth.values() {
        for view in truth.messages.iter().filter(|view| !view.is_deleted) {
            for (emoji, user) in
                view.reactions.iter().flat_map(|(emoji, users)| users.iter().map(move |user| (emoji, user)))
            {
                let written = written.remove(&(view.id, *user, emoji)).unwrap_or_else(|| vec![(false, None)]);
                if let Some(entries) = is_overwritten(&written, &true) {
                    report.add(
                        Rule::Overwritten,
                        entries,
                        format!("{emoji} of {user} stands under {view:?}"),
                    );
                }
            }
        }
    }
    let is_there = |id: &MessageId| {
        facts.truth.values().any(|truth| truth.by_id.get(id).is_some_and(|view| !view.is_deleted))
    };
    // What is left of them does not stand.
    for ((id, user, emoji), written) in written.iter().filter(|((id, ..), _)| is_there(id)) {
        if let Some(entries) = is_overwritten(written, &false) {
            report.add(Rule::Overwritten, entries, format!("{emoji} of {user} under {id} is gone"));
        }
    }
}

/// The entries that say so, where every change that wrote `value` was followed by an acknowledged one which did not.
pub(super) fn is_overwritten<T: PartialEq>(written: &[Written<'_, T>], value: &T) -> Option<Vec<usize>> {
    let acknowledged = || written.iter().filter_map(|(value, attempt)| Some((value, attempt.as_ref()?)));
    let followed_by = |attempt: Option<&Attempt<'_>>| {
        acknowledged().find(|(_, later)| {
            later.is_acknowledged()
                && attempt.is_none_or(|attempt| later.asked > attempt.end() || is_later(later, attempt))
        })
    };
    let mut entries = Vec::new();
    for (_, attempt) in written.iter().filter(|(wrote, _)| wrote == value) {
        let (_, later) = followed_by(attempt.as_ref())?;
        entries.extend([later.asked, later.end()]);
        entries.extend(attempt.as_ref().map(|attempt| attempt.asked));
    }
    Some(entries)
}

/// Both were acknowledged, and the numbers tell which was first.
fn is_later(later: &Attempt<'_>, attempt: &Attempt<'_>) -> bool {
    later.revision().zip(attempt.revision()).is_some_and(|(later, first)| later > first)
}
