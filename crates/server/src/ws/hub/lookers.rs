//! Who has rooms on screen. Each node tells the others of those who are there; what it hears is kept with the rooms that are followed
//! here, so that nobody stays in a room whose node is gone.

use std::collections::HashMap;

use charla_broker::{Audience, Delivery, Listener, Looker, Topic};
use charla_protocol::{
    RoomId, UserId,
    events::{Event, ServerFrame, StatusAction, UserStatus},
};
use uuid::Uuid;

use super::Hub;
use crate::delivery::encode;

/// The names of those who look at a room on a node.
pub(super) type Lookers = HashMap<UserId, String>;

/// Who has come into a room, or left it.
type Change = (RoomId, Looker, bool);

impl Hub {
    /// Somebody who shows whether they are there has opened or closed the room here: told to those who look at it, and show it too.
    pub(in crate::ws) fn tell_looking(&self, room: RoomId, looker: Looker, is_there: bool) {
        let _telling = self.telling_lookers.lock();
        self.deliver(Topic::Room(room), &status(room, &looker, is_there));
        let node = self.presence.node();
        self.publish(Topic::Room(room), &Delivery::Looking { node, looker, is_there });
    }

    /// Tells the other nodes of all who have a room on screen here.
    pub(super) fn tell_lookers(&self) {
        let _telling = self.telling_lookers.lock();
        let mut rooms: HashMap<RoomId, Lookers> = HashMap::new();
        self.for_each(|connection| {
            if let Some(room) = connection.focus().filter(|_| connection.shared().presence) {
                rooms.entry(room).or_default().insert(connection.user, connection.username.clone());
            }
        });
        let rooms = rooms.into_iter().map(|(room, lookers)| (room, listed(lookers))).collect();
        self.publish(Topic::Nodes, &Delivery::Lookers { node: self.presence.node(), rooms });
    }

    /// The same of another node: told here where it is news.
    pub(super) fn hear_looking(&self, node: Uuid, room_id: RoomId, looker: &Looker, is_there: bool) {
        let is_news = {
            let mut rooms = self.rooms.write();
            let Some(room) = rooms.get_mut(&room_id) else { return };
            let lookers = room.elsewhere.entry(node).or_default();
            match is_there {
                true => lookers.insert(looker.user, looker.username.clone()).is_none(),
                false => lookers.remove(&looker.user).is_some(),
            }
        };
        if is_news {
            self.deliver(Topic::Room(room_id), &status(room_id, looker, is_there));
        }
    }

    /// What is true of a node now, in place of what was known.
    pub(super) fn hear_lookers(&self, node: Uuid, rooms: &[(RoomId, Vec<Looker>)]) {
        let mut told: HashMap<RoomId, Lookers> = HashMap::new();
        for (room, lookers) in rooms {
            let lookers = lookers.iter().map(|looker| (looker.user, looker.username.clone()));
            told.entry(*room).or_default().extend(lookers);
        }
        let mut changes: Vec<Change> = Vec::new();
        for (room_id, room) in self.rooms.write().iter_mut() {
            let now = told.remove(room_id).unwrap_or_default();
            let before = room.elsewhere.remove(&node).unwrap_or_default();
            let note = |lookers: Lookers, is_there| {
                listed(lookers).into_iter().map(move |looker| (*room_id, looker, is_there))
            };
            changes.extend(note(lacking(&before, &now), false));
            changes.extend(note(lacking(&now, &before), true));
            if !now.is_empty() {
                room.elsewhere.insert(node, now);
            }
        }
        for (room, looker, is_there) in changes {
            self.deliver(Topic::Room(room), &status(room, &looker, is_there));
        }
    }

    /// A node is no more, and nobody looks at anything there.
    pub(crate) fn forget_lookers(&self, node: Uuid) {
        self.hear_lookers(node, &[]);
    }
}

/// Those of the one who are not among the others.
fn lacking(some: &Lookers, others: &Lookers) -> Lookers {
    let lacking = some.iter().filter(|(user, _)| !others.contains_key(user));
    lacking.map(|(user, username)| (*user, username.clone())).collect()
}

fn listed(lookers: Lookers) -> Vec<Looker> {
    lookers.into_iter().map(|(user, username)| Looker { user, username }).collect()
}

fn status(room: RoomId, looker: &Looker, is_there: bool) -> Delivery {
    let action = if is_there { StatusAction::UserJoined } else { StatusAction::UserLeft };
    let status =
        UserStatus { action, user_id: looker.user, username: looker.username.clone(), last_seen: None };
    let text = encode(ServerFrame::room(room, Event::UserStatus(status)));
    let by = Some(looker.user);
    Delivery::Frame { text, audience: Audience::Watching, except: by, by }
}
