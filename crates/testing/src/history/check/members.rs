//! Who is in a room, and what that shows them.

use std::collections::{BTreeMap, HashMap};

use charla_protocol::{RoomId, UserId};

use super::{
    facts::{Attempt, Facts},
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
/// the one that removed them may be shown to them. Who was taken in again is shown what they missed, but not before that.
pub(super) fn strangers_see_nothing(facts: &Facts<'_>, report: &mut Report) {
    let admissions = admissions(facts);
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let (room, number) = match &entry.what {
            What::Event(view) => (view.room, view.revision),
            What::Page { room, revision: Some(revision), .. } => (*room, *revision),
            _ => continue,
        };
        let user = facts.history.users[entry.client];
        let is_in = |number| is_member(facts, room, user, number);
        if !facts.history.founders.contains_key(&room) || is_in(number) || is_in(number - 1) {
            continue;
        }
        let next = admissions.get(&(room, user)).and_then(|of| of.range(number..).next());
        if next.is_none_or(|(_, earliest)| *earliest >= place) {
            let what = format!("{number} of {room} was shown to {user}, who was not in it");
            report.add(Rule::Trespass, vec![place], what);
        }
    }
}

/// The numbers by which somebody came into a room, with the place before which they did not: that of the first attempt which may
/// have been it, since it was not over when the number before was asked for. Such attempts are made one after the other, so that
/// one without an answer is over with the next that has one.
fn admissions(facts: &Facts<'_>) -> HashMap<(RoomId, UserId), BTreeMap<i64, usize>> {
    let mut asked: HashMap<RoomId, BTreeMap<i64, usize>> = HashMap::new();
    for send in facts.sends.values() {
        if let Some(number) = send.attempts.iter().find_map(|attempt| attempt.revision()) {
            asked.entry(send.room).or_default().insert(number, send.asked());
        }
    }
    let of = |of: (RoomId, UserId)| {
        facts.attempts.iter().filter_map(move |attempt| match attempt.call {
            Call::Admit { room, user, is_in } if (*room, *user) == of => Some((attempt, *is_in)),
            _ => None,
        })
    };
    let mut admissions: HashMap<_, BTreeMap<i64, usize>> = HashMap::new();
    for (key, moves) in &facts.moves {
        for (number, _) in moves.iter().filter(|(_, is_in)| **is_in) {
            let before = asked.get(&key.0).and_then(|asked| asked.range(..number).map(|(_, at)| *at).max());
            let is_over = |attempt: &Attempt<'_>| {
                let answers = of(*key).filter(|(later, _)| later.asked >= attempt.asked);
                let end = answers.filter_map(|(later, _)| later.answered).min();
                end.is_some_and(|end| before.is_some_and(|before| end < before))
            };
            let may_be =
                of(*key).filter(|(attempt, is_in)| *is_in && !attempt.is_refused() && !is_over(attempt));
            let earliest = may_be.map(|(attempt, _)| attempt.asked).min();
            admissions.entry(*key).or_default().insert(*number, earliest.unwrap_or_default());
        }
    }
    admissions
}

/// Whether somebody is in a room once it has this number.
pub(super) fn is_member(facts: &Facts<'_>, room: RoomId, user: UserId, number: i64) -> bool {
    let last = facts.moves.get(&(room, user)).and_then(|moves| moves.range(..=number).next_back());
    let at_first = || facts.history.founders.get(&room).is_some_and(|founders| founders.contains(&user));
    last.map_or_else(at_first, |(_, is_in)| *is_in)
}
