//! Who is in a room, and what that shows them.

use std::collections::HashMap;

use charla_protocol::{RoomId, UserId};

use super::{
    facts::Facts,
    states::{Written, is_overwritten},
};
use crate::history::{Call, Report, Rule, What};

/// Whether somebody is in a room at the end is what the last acknowledged change said.
pub(super) fn the_last_membership_stands(facts: &Facts<'_>, report: &mut Report) {
    let mut written: HashMap<(RoomId, UserId), Vec<Written<'_, bool>>> = HashMap::new();
    for attempt in facts.attempts.iter().filter(|attempt| !attempt.is_refused()) {
        if let Call::Admit { room, user, is_in } = attempt.call {
            let at_first = || vec![(is_member(facts, *room, *user, 0), None)];
            written.entry((*room, *user)).or_insert_with(at_first).push((*is_in, Some(*attempt)));
        }
    }
    for ((room, user), written) in written.iter().filter(|((room, _), _)| facts.truth.contains_key(room)) {
        let is_in = is_member(facts, *room, *user, i64::MAX);
        if let Some(entries) = is_overwritten(written, &is_in) {
            let what = format!("in the end it is {is_in} that {user} is in {room}");
            report.add(Rule::Overwritten, entries, what);
        }
    }
}

/// An event is a change by whose number its receiver was in the room, and a page is of a number by which its reader was;
/// the one that removed them may be shown to them.
pub(super) fn strangers_see_nothing(facts: &Facts<'_>, report: &mut Report) {
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let (room, number) = match &entry.what {
            What::Event(view) => (view.room, view.revision),
            What::Page { room, revision: Some(revision), .. } => (*room, *revision),
            _ => continue,
        };
        let user = facts.history.users[entry.client];
        let is_in = |number| is_member(facts, room, user, number);
        if facts.history.founders.contains_key(&room) && !is_in(number) && !is_in(number - 1) {
            let what = format!("{number} of {room} was shown to {user}, who was not in it");
            report.add(Rule::Trespass, vec![place], what);
        }
    }
}

/// Whether somebody is in a room once it has this number.
fn is_member(facts: &Facts<'_>, room: RoomId, user: UserId, number: i64) -> bool {
    let last = facts.moves.get(&(room, user)).and_then(|moves| moves.range(..=number).next_back());
    let at_first = || facts.history.founders.get(&room).is_some_and(|founders| founders.contains(&user));
    last.map_or_else(at_first, |(_, is_in)| *is_in)
}
