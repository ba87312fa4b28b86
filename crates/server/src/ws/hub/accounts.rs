//! What a socket knows of its account: the rooms it is in, what it shares, whom a block parts from it.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use charla_broker::Privacy;
use charla_db::queries::rooms::Followed;
use charla_protocol::{RoomId, UserId};
use parking_lot::ReentrantMutexGuard;

use super::{Close, Connection, Door, Hub, deliver::frame};
use crate::ws::{outbox::Pace, socket::Frame};

impl Hub {
    /// Until the guard is dropped, no socket is told anything of its account by others.
    pub(in crate::ws) fn hold_accounts(&self) -> ReentrantMutexGuard<'_, ()> {
        self.changing.lock()
    }

    pub(super) fn add_room(
        &self,
        user: UserId,
        room: RoomId,
        (hidden_seq, revision): (i64, i64),
        text: &Bytes,
    ) {
        let _changing = self.changing.lock();
        let Some(frame) = frame(text) else { return };
        let mut is_new = false;
        for connection in self.connections_of(user) {
            connection.was_told();
            let is_meant = connection.door.room().is_none_or(|own| own == room);
            if is_meant && self.learn(&connection, room, Some(revision), true) {
                is_new |= self.follow(&connection, room, hidden_seq, revision);
                self.tell_account(&connection, &frame);
            }
        }
        self.know(room, revision);
        if is_new {
            // What other nodes have told before the subscription was in force is found by looking.
            self.watch.doubt(room);
        }
    }

    /// The account was read to be in the room, a while ago: what the socket has been told since counts.
    pub(in crate::ws) fn found_in(&self, connection: &Arc<Connection>, followed: &Followed) {
        let _changing = self.changing.lock();
        let Followed { room, hidden_seq, revision, .. } = *followed;
        let has_learnt = connection.following.lock().has_learnt(room, revision);
        if !has_learnt {
            self.follow(connection, room, hidden_seq, revision);
        }
    }

    /// Who is taken out of the room they look at leaves its screen.
    pub(super) fn remove_room(&self, user: UserId, room: RoomId, revision: Option<i64>, text: &Bytes) {
        let _changing = self.changing.lock();
        let Some(frame) = frame(text) else { return };
        for connection in self.connections_of(user) {
            connection.was_told();
            let is_meant = connection.door.room().is_none_or(|own| own == room);
            if !is_meant || !self.learn(&connection, room, revision, false) {
                continue;
            }
            if connection.door == Door::Account
                && connection.focus() == Some(room)
                && self.set_focus(&connection, None).0.is_some()
                && connection.shared().presence
            {
                self.tell_looking(room, connection.looker(), false);
            }
            self.unfollow(&connection, room);
            self.tell_account(&connection, &frame);
            if connection.door != Door::Account {
                connection.outbox.close(Close::RemovedFromRoom);
            }
        }
    }

    /// Whether that is news to the socket.
    fn learn(&self, connection: &Connection, room: RoomId, revision: Option<i64>, is_member: bool) -> bool {
        let Some(revision) = revision else { return true };
        connection.following.lock().learn(room, revision, is_member, self.clock.ticks())
    }

    /// Notes what an account shares. Who shows or hides whether they are there comes into view, or leaves it, in the rooms
    /// they look at.
    pub(super) fn set_privacy(&self, user: UserId, privacy: Privacy) {
        let _changing = self.changing.lock();
        let mut told = HashSet::new();
        for connection in self.connections_of(user) {
            connection.was_told();
            let before = connection.share(privacy);
            let Some(room) = connection.focus().filter(|_| before.presence != privacy.presence) else {
                continue;
            };
            if told.insert(room) {
                self.tell_looking(room, connection.looker(), privacy.presence);
            }
        }
    }

    /// Notes whether a block parts somebody from an account.
    pub(super) fn part(&self, user: UserId, from: UserId, are_parted: bool) {
        let _changing = self.changing.lock();
        for connection in self.connections_of(user) {
            connection.was_told();
            connection.part(from, are_parted);
        }
    }

    fn tell_account(&self, connection: &Connection, frame: &Frame) {
        if connection.door == Door::Account {
            connection.outbox.push(frame.clone(), Pace::Now);
            self.meter.delivered.increment();
        }
    }
}
