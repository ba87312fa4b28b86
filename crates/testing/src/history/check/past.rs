//! Rooms whose history begins with joining.

use charla_protocol::{RoomId, UserId};

use super::{facts::Facts, members::is_member};
use crate::history::{Report, Rule, View, What};

/// Who came into such a room, or came back, is shown nothing from before: neither in pages nor in events, changed or not.
pub(super) fn nothing_from_before_is_shown(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let user = facts.history.users[entry.client];
        let (messages, revision) = match &entry.what {
            What::Event(view) => (std::slice::from_ref(view), Some(view.revision)),
            What::Page { messages, revision, .. } => (messages.as_slice(), *revision),
            _ => continue,
        };
        for view in messages.iter().filter(|view| facts.history.from_join.contains(&view.room)) {
            if !may_be_shown(facts, user, view, revision) {
                let what = format!("{} of {} was shown to {user}, who came later", view.seq, view.room);
                report.add(Rule::Hidden, vec![place], what);
            }
        }
    }
}

/// The seq with which such a room's history begins for somebody who is in it with this number, or was in it just before.
pub(super) fn beginning(facts: &Facts<'_>, room: RoomId, user: UserId, number: i64) -> Option<i64> {
    let at = [number, number - 1].into_iter().find(|number| is_member(facts, room, user, *number))?;
    let moves = facts.moves.get(&(room, user));
    let came = moves.and_then(|moves| moves.range(..=at).rev().find(|(_, is_in)| **is_in));
    Some(came.map_or(0, |(number, _)| *number))
}

/// Without the number at which it was read, it must at least have been made while they were there.
fn may_be_shown(facts: &Facts<'_>, user: UserId, view: &View, read_at: Option<i64>) -> bool {
    let number = read_at.unwrap_or(view.seq);
    beginning(facts, view.room, user, number).is_some_and(|beginning| beginning <= view.seq)
}
