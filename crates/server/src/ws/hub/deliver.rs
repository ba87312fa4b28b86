//! What comes to this node's sockets, from here or from another node.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use charla_broker::{Audience, Delivery, Link, Listener, News, Topic};
use charla_protocol::{RoomId, SessionId, UserId};

use super::{Change, Close, Door, Follower, Hub, Room, sequence::Removal};
use crate::ws::socket::Frame;

impl Hub {
    fn deliver_to_room(&self, room_id: RoomId, text: &Bytes, wanted: impl Fn(&Follower) -> bool) {
        let Some(frame) = frame(text) else { return };
        let rooms = self.rooms.read();
        let Some(room) = rooms.get(&room_id) else { return };
        let mut told = 0;
        for follower in room.followers().filter(|follower| wanted(follower)) {
            follower.connection.outbox.push(frame.clone(), self.pace());
            told += 1;
        }
        self.meter.delivered.add(told);
    }

    /// Who shares several of the rooms, or is a friend as well, gets it once all the same.
    fn deliver_to_acquaintances(&self, friends: &[UserId], rooms: &[RoomId], except: UserId, text: &Bytes) {
        let Some(frame) = frame(text) else { return };
        let friends: Vec<_> = friends.iter().flat_map(|friend| self.connections_of(*friend)).collect();
        let known = self.rooms.read();
        let followers = rooms.iter().filter_map(|room| known.get(room)).flat_map(Room::followers);
        let mut told = HashSet::new();
        for connection in followers.map(|follower| &follower.connection).chain(&friends) {
            let is_meant = connection.door == Door::Account && connection.user != except;
            if is_meant && told.insert(Arc::as_ptr(connection)) {
                connection.outbox.push(frame.clone(), self.pace());
            }
        }
        self.meter.delivered.add(told.len() as u64);
    }

    pub(super) fn deliver_to_user(&self, user: UserId, text: &Bytes) {
        let Some(frame) = frame(text) else { return };
        if let Some(connections) = self.users.read().get(&user) {
            let mut told = 0;
            for connection in connections.iter().filter(|connection| connection.door == Door::Account) {
                connection.outbox.push(frame.clone(), self.pace());
                told += 1;
            }
            self.meter.delivered.add(told);
        }
    }

    fn end_sessions(&self, sessions: &[SessionId]) {
        for connection in self.users.read().values().flatten() {
            if sessions.contains(&connection.session) {
                connection.outbox.close(Close::SessionEnded);
            }
        }
    }
}

impl Hub {
    /// Says who is here, and asks who is elsewhere.
    pub(crate) fn rejoin(&self) {
        self.tell_lookers();
        for news in self.presence.rejoin() {
            self.publish(Topic::Nodes, &news);
        }
    }

    /// Something could not be told: all nodes look at the room, if it is about one, and this one at what its sockets know of their
    /// accounts.
    pub(crate) fn doubt(&self, room: Option<RoomId>) {
        match room {
            Some(room) => self.send(Topic::Room(room), &Delivery::Doubt),
            None => self.watch.doubt_accounts(),
        }
    }
}

impl Listener for Hub {
    fn deliver(&self, topic: Topic, delivery: &Delivery) {
        match (topic, delivery) {
            (Topic::Room(room), Delivery::Frame { text, audience, except, by }) => {
                self.deliver_to_room(room, text, |follower| {
                    let connection = &follower.connection;
                    let is_meant = match audience {
                        Audience::All => true,
                        Audience::Focused => connection.focus() == Some(room),
                        Audience::Watching => {
                            connection.focus() == Some(room) && connection.shared().presence
                        }
                        Audience::Account => connection.door == Door::Account,
                        Audience::Sharing => connection.shared().receipts,
                    };
                    is_meant
                        && *except != Some(connection.user)
                        && by.is_none_or(|by| !connection.is_parted_from(by))
                });
            }
            (Topic::Room(room), Delivery::Change { revision, seq, text, keeping, removes }) => {
                if let Some(change) = as_change(*seq, text, keeping.as_ref()) {
                    let removes = removes.map(|user| Removal { user, revision: *revision });
                    self.change(room, *revision, Change { removes, ..change });
                }
            }
            (Topic::Room(room), Delivery::Doubt) => {
                self.watch.doubt(room);
                self.watch.doubt_accounts();
            }
            (Topic::User(user), Delivery::Frame { text, .. }) => self.deliver_to_user(user, text),
            (Topic::User(user), Delivery::RoomAdded { room_id, hidden_seq, revision, text }) => {
                self.add_room(user, *room_id, (*hidden_seq, *revision), text);
            }
            (Topic::User(user), Delivery::RoomRemoved { room_id, revision, text }) => {
                self.remove_room(user, *room_id, *revision, text)
            }
            (Topic::User(user), Delivery::Privacy(privacy)) => self.set_privacy(user, *privacy),
            (Topic::User(user), Delivery::Parted { from, are_parted }) => self.part(user, *from, *are_parted),
            (Topic::User(user), Delivery::Held) => {
                for connection in self.connections_of(user) {
                    connection.outbox.close(Close::Unverified);
                }
            }
            (_, Delivery::Acquaintances { friends, rooms, except, text }) => {
                self.deliver_to_acquaintances(friends, rooms, *except, text);
            }
            (_, Delivery::SessionsEnded(sessions)) => self.end_sessions(sessions),
            (_, Delivery::Presence { node, news }) => {
                for reply in self.presence.hear(*node, news) {
                    self.publish(Topic::Nodes, &reply);
                }
                if let News::Ask(of) = news
                    && of.is_none_or(|of| of == self.presence.node())
                {
                    self.tell_lookers();
                }
            }
            (Topic::Room(room), Delivery::Looking { node, looker, is_there }) => {
                self.hear_looking(*node, room, looker, *is_there);
            }
            (_, Delivery::Lookers { node, rooms }) => self.hear_lookers(*node, rooms),
            (_, Delivery::Counted(counts)) => self.limits.take_in(counts, self.clock.now()),
            (topic, delivery) => {
                tracing::warn!(?topic, kind = ?std::mem::discriminant(delivery), "a delivery that fits no topic was dropped")
            }
        }
    }

    fn link(&self, link: Link) {
        if link == Link::Live {
            self.rejoin();
        }
        self.watch.link(link);
        self.partition.link();
    }
}

/// A change of a timeline as it goes to the sockets.
pub(crate) fn as_change(seq: i64, text: &Bytes, keeping: Option<&Bytes>) -> Option<Change> {
    let keeping = match keeping {
        Some(keeping) => Some(frame(keeping)?),
        None => None,
    };
    Some(Change { seq, frame: frame(text)?, keeping, removes: None })
}

pub(super) fn frame(text: &Bytes) -> Option<Frame> {
    let text = str::from_utf8(text);
    if text.is_err() {
        tracing::warn!("a frame that is not UTF-8 was dropped");
    }
    text.ok().map(Frame::text)
}
