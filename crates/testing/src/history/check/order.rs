//! Orders: of real time, and of the events of a socket.

use std::collections::HashMap;

use charla_protocol::RoomId;

use super::facts::Facts;
use crate::history::{Report, Rule, What};

/// A send that was asked for after another one was answered, or seen by anybody, has the higher number.
pub(super) fn answered_first_stands_first(facts: &Facts<'_>, report: &mut Report) {
    let mut asked: HashMap<usize, (RoomId, i64)> = HashMap::new();
    let mut answered: HashMap<usize, (RoomId, i64)> = HashMap::new();
    for ((sender, client_id), send) in &facts.sends {
        let Some(truth) = facts.truth.get(&send.room) else { continue };
        let is_it = |view: &&crate::history::View| {
            view.sender == *sender && view.client_id.as_deref() == Some(*client_id)
        };
        if send.acknowledged().is_none() {
            continue;
        }
        if let Some(view) = truth.messages.iter().find(is_it) {
            asked.insert(send.asked(), (send.room, view.seq));
            answered.extend(send.acknowledged().map(|place| (place, (send.room, view.seq))));
        }
    }
    let mut highest: HashMap<RoomId, (i64, usize)> = HashMap::new();
    for (place, entry) in facts.history.entries.iter().enumerate() {
        if let Some((room, seq)) = asked.get(&place)
            && let Some((before, shown)) = highest.get(room).filter(|(before, _)| before >= seq)
        {
            let what = format!("{before} of {room} was there before {seq} was sent");
            report.add(Rule::Order, vec![*shown, place], what);
        }
        if let Some((room, seq)) = answered.get(&place) {
            raise(&mut highest, *room, (*seq, place));
        }
        if let What::Event(view) = &entry.what {
            raise(&mut highest, view.room, (view.seq, place));
        }
    }
}

fn raise(highest: &mut HashMap<RoomId, (i64, usize)>, room: RoomId, now: (i64, usize)) {
    let held = highest.entry(room).or_insert(now);
    if now.0 > held.0 {
        *held = now;
    }
}

/// On one socket the numbers of a room's events rise with each event.
pub(super) fn events_go_forward(facts: &Facts<'_>, report: &mut Report) {
    let mut last: HashMap<(usize, RoomId), (i64, usize)> = HashMap::new();
    for (place, entry) in facts.history.entries.iter().enumerate() {
        match &entry.what {
            What::Opened { .. } => last.retain(|(client, _), _| *client != entry.client),
            What::Event(view) => {
                let now = (view.revision, place);
                let before = last.insert((entry.client, view.room), now);
                if let Some((revision, first)) = before.filter(|(revision, _)| *revision >= view.revision) {
                    let what = format!("{} came after {revision} on a socket", view.revision);
                    report.add(Rule::Backward, vec![first, place], what);
                }
            }
            _ => {}
        }
    }
}
