//! Makes a room's rows of what is said in it, as the server would have written them: every change takes the next number.

use charla_db::tables::{message_versions, messages, room_members, rooms, system_events::StoredEvent};
use charla_protocol::messages::SystemEventKind;
use rand::Rng;
use uuid::Uuid;

use super::{
    ids,
    schedule::{Presence, Spoken},
};
use crate::text;

/// A picture that a message shows.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) scene: String,
    pub(super) message_id: Uuid,
    pub(super) sender: usize,
    pub(super) at: i64,
}

/// The rows of a room's timeline.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// In the order of their seq.
    pub(super) messages: Vec<messages::Model>,
    pub(super) versions: Vec<message_versions::Model>,
    pub(super) pictures: Vec<Shown>,
}

/// Something that takes a number.
enum Change {
    /// Index of what is said.
    Said(usize),
    Edited(usize),
    Deleted(usize),
    Joined(usize),
}

/// Writes the room's timeline: sets its revision and its last message, and where each member joined it.
pub(super) fn write(
    room: &mut rooms::Model,
    members: &mut [room_members::Model],
    latecomers: &[Presence],
    spoken: &[Spoken],
    accounts: &[Uuid],
    random: &mut impl Rng,
) -> Timeline {
    let mut timeline = Timeline::default();
    // Where what is said stands among the messages.
    let mut places = vec![0; spoken.len()];
    for (at, change) in changes(spoken, latecomers, random) {
        room.revision += 1;
        match change {
            Change::Said(index) => {
                let row = said(room, at, &spoken[index], &places, &timeline, accounts, random);
                if let Some(scene) = &spoken[index].said.picture {
                    let sender = spoken[index].said.sender;
                    timeline.pictures.push(Shown { scene: scene.clone(), message_id: row.id, sender, at });
                }
                places[index] = timeline.messages.len();
                push(room, &mut timeline, row);
            }
            Change::Joined(person) => {
                if let Some(member) = members.iter_mut().find(|member| member.user_id == accounts[person]) {
                    member.joined_seq = room.last_seq;
                }
                let row = joined(room, at, person, accounts, random);
                push(room, &mut timeline, row);
            }
            Change::Edited(index) => edit(room, at, &spoken[index], places[index], &mut timeline),
            Change::Deleted(index) => delete(room, at, &mut timeline.messages[places[index]]),
        }
    }
    timeline
}

/// All changes in the order of time. Edits come soon, deletions a little later.
fn changes(spoken: &[Spoken], latecomers: &[Presence], random: &mut impl Rng) -> Vec<(i64, Change)> {
    let mut changes: Vec<(i64, Change)> =
        latecomers.iter().map(|presence| (presence.since, Change::Joined(presence.person))).collect();
    for (index, Spoken { at, said }) in spoken.iter().enumerate() {
        changes.push((*at, Change::Said(index)));
        if said.edited.is_some() {
            changes.push((at + random.random_range(15_000..50_000), Change::Edited(index)));
        }
        if said.is_deleted {
            changes.push((at + random.random_range(20_000..55_000), Change::Deleted(index)));
        }
    }
    changes.sort_by_key(|(at, _)| *at);
    changes
}

fn push(room: &mut rooms::Model, timeline: &mut Timeline, row: messages::Model) {
    room.last_message_id = Some(row.id);
    room.last_seq = row.seq;
    room.last_activity_at = row.created_at;
    timeline.messages.push(row);
}

fn said(
    room: &rooms::Model,
    at: i64,
    spoken: &Spoken,
    places: &[usize],
    timeline: &Timeline,
    accounts: &[Uuid],
    random: &mut impl Rng,
) -> messages::Model {
    let reply_to = spoken.said.reply_to.and_then(|index| timeline.messages.get(places[index]));
    let message_type = if spoken.said.picture.is_some() { "image" } else { "text" };
    messages::Model {
        message_type: message_type.to_owned(),
        content_html: text::render(&spoken.said.text),
        content: spoken.said.text.clone(),
        reply_to_id: reply_to.map(|row| row.id),
        ..blank(room, at, accounts[spoken.said.sender], random)
    }
}

/// What the server writes when somebody joins; see `ops::system_message`.
fn joined(
    room: &rooms::Model,
    at: i64,
    person: usize,
    accounts: &[Uuid],
    random: &mut impl Rng,
) -> messages::Model {
    let event = StoredEvent::of(SystemEventKind::MemberJoined);
    messages::Model {
        message_type: "system".to_owned(),
        system: serde_json::to_string(&event).ok(),
        ..blank(room, at, accounts[person], random)
    }
}

fn blank(room: &rooms::Model, at: i64, sender_id: Uuid, random: &mut impl Rng) -> messages::Model {
    messages::Model {
        id: ids::at(at, random),
        room_id: room.id,
        seq: room.revision,
        revision: room.revision,
        sender_id,
        message_type: String::new(),
        content: String::new(),
        content_html: String::new(),
        system: None,
        reply_to_id: None,
        client_id: None,
        created_at: at,
        edited_at: None,
        deleted_at: None,
    }
}

fn edit(room: &rooms::Model, at: i64, spoken: &Spoken, place: usize, timeline: &mut Timeline) {
    let (Some(edited), Some(row)) = (&spoken.said.edited, timeline.messages.get_mut(place)) else { return };
    timeline.versions.push(message_versions::Model {
        message_id: row.id,
        replaced_by: room.revision,
        content: std::mem::replace(&mut row.content, edited.clone()),
        created_at: row.created_at,
    });
    row.content_html = text::render(edited);
    row.revision = room.revision;
    row.edited_at = Some(at);
}

fn delete(room: &rooms::Model, at: i64, row: &mut messages::Model) {
    row.content.clear();
    row.content_html.clear();
    row.revision = room.revision;
    row.deleted_at = Some(at);
}
