//! The timelines of the rooms that are followed here: told in the order of their numbers.

use std::collections::BTreeMap;

use charla_protocol::{RoomId, UserId};

use super::{Change, Hub, Room};
use crate::ws::outbox::resync;

impl Hub {
    /// Tells a change in its turn. Where something before it is missing, that is waited for, and then fetched.
    pub(super) fn change(&self, room_id: RoomId, revision: i64, change: Change) {
        let rooms = self.rooms.read();
        let is_behind = rooms.get(&room_id).is_some_and(|room| room.change(revision, change, self.pace()));
        drop(rooms);
        if is_behind {
            self.repairs.want(room_id, self.link());
        }
    }

    /// The room has that revision. What of it has not been told here is waited for, and then fetched.
    pub fn know(&self, room_id: RoomId, revision: i64) {
        let is_behind = self.rooms.read().get(&room_id).is_some_and(|room| room.know(revision));
        if is_behind {
            self.repairs.want(room_id, self.link());
        }
    }

    /// How far a room's followers have been told, where something is missing.
    pub(in crate::ws) fn behind(&self, room_id: RoomId) -> Option<i64> {
        self.rooms.read().get(&room_id)?.behind()
    }

    /// What other nodes have told of the room before it could be heard here is looked for.
    pub(in crate::ws) fn doubt_here(&self, room_id: RoomId) {
        self.watch.doubt(room_id);
    }

    /// How far a room's followers have been told.
    pub(in crate::ws) fn told(&self, room_id: RoomId) -> Option<i64> {
        Some(self.rooms.read().get(&room_id)?.told())
    }

    /// The database has lost what the followers were told: the room goes on from that revision, and they are to ask how it stands.
    pub(in crate::ws) fn go_back(&self, room_id: RoomId, revision: i64) {
        let resync = resync(Some(room_id));
        if let Some(room) = self.rooms.read().get(&room_id) {
            room.go_back(revision, &resync);
        }
    }

    /// Tells a room's followers what was fetched: all that there is up to `through`.
    pub(in crate::ws) fn fill(&self, room_id: RoomId, fetched: Vec<(i64, Change)>, through: i64) {
        if let Some(room) = self.rooms.read().get(&room_id) {
            room.fill(fetched, through);
        }
    }

    /// Has a room's followers ask for what is missing up to `through`.
    pub(in crate::ws) fn skip(&self, room_id: RoomId, through: i64) {
        let resync = resync(Some(room_id));
        if let Some(room) = self.rooms.read().get(&room_id) {
            room.skip(through, &resync);
        }
    }

    /// Who follows a room, each with the seq up to which it is hidden from them: the lowest, should their sockets differ.
    pub(in crate::ws) fn followers(&self, room_id: RoomId) -> BTreeMap<UserId, i64> {
        self.rooms.read().get(&room_id).map(Room::hidden_seqs).unwrap_or_default()
    }

    /// The rooms that somebody follows, of those wanted.
    pub(in crate::ws) fn followed(&self, is_wanted: impl Fn(RoomId) -> bool) -> Vec<RoomId> {
        self.rooms.read().keys().copied().filter(|room| is_wanted(*room)).collect()
    }
}
