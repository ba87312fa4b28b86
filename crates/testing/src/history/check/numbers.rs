//! The numbers of a room: each is one change, and none is missing.

use std::collections::{BTreeMap, HashMap};

use charla_protocol::{MessageId, RoomId};

use super::facts::Facts;
use crate::history::{Call, Report, Rule};

/// No number belongs to two messages, and none lies past the room's revision.
pub(super) fn every_number_is_one_change(facts: &Facts<'_>, report: &mut Report) {
    let mut owners: HashMap<(RoomId, i64), (MessageId, usize)> = HashMap::new();
    for (room, number, id, place) in known(facts) {
        let (owner, first) = *owners.entry((room, number)).or_insert((id, place));
        if owner != id {
            let what = format!("{number} of {room} is a change of {owner} and of {id}");
            report.add(Rule::Numbers, vec![first, place], what);
        }
        if facts.truth.get(&room).is_some_and(|truth| number > truth.revision) {
            report.add(Rule::Numbers, vec![place], format!("{number} lies past the revision of {room}"));
        }
    }
}

/// A change that nobody was shown before the next one of the same message leaves a number that nobody knows. There may be
/// as many of them as there are changes whose number was not told.
pub(super) fn no_number_is_missing(facts: &Facts<'_>, report: &mut Report) {
    let mut known_of: BTreeMap<RoomId, std::collections::HashSet<i64>> = BTreeMap::new();
    for (room, number, ..) in known(facts) {
        known_of.entry(room).or_default().insert(number);
    }
    let mut untold: BTreeMap<RoomId, usize> = BTreeMap::new();
    for attempt in
        facts.attempts.iter().filter(|attempt| !attempt.is_refused() && attempt.revision().is_none())
    {
        if let Some((room, _)) = change_of(attempt.call) {
            *untold.entry(room).or_default() += 1;
        }
    }
    for (room, truth) in &facts.truth {
        let known = known_of.remove(room).unwrap_or_default();
        let missing: Vec<i64> = (1..=truth.revision).filter(|number| !known.contains(number)).collect();
        let allowed = untold.get(room).copied().unwrap_or_default();
        if missing.len() > allowed {
            let few: Vec<&i64> = missing.iter().take(10).collect();
            let what =
                format!("{} numbers of {room} are missing, {few:?} first; {allowed} may be", missing.len());
            report.add(Rule::Numbers, vec![truth.place], what);
        }
    }
}

/// Each number that was told, with the message it is a change of.
fn known<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = (RoomId, i64, MessageId, usize)> + 'a {
    let seen = facts.views().flat_map(|(place, view)| {
        [view.seq, view.revision].map(|number| (view.room, number, view.id, place))
    });
    let told = facts.attempts.iter().filter_map(|attempt| {
        let (room, message) = change_of(attempt.call)?;
        Some((room, attempt.revision()?, message.or(attempt.message())?, attempt.end()))
    });
    seen.chain(told)
}

/// The room that a call changes, and the message where it is an old one.
fn change_of(call: &Call) -> Option<(RoomId, Option<MessageId>)> {
    match call {
        Call::Send { room, .. } => Some((*room, None)),
        Call::Edit { room, message, .. }
        | Call::Delete { room, message }
        | Call::React { room, message, .. } => Some((*room, Some(*message))),
        Call::Admit { .. } | Call::Read { .. } | Call::SignOut { .. } | Call::Look => None,
    }
}
