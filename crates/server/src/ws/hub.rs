//! Which sockets of this node follow which rooms and accounts, and the delivery to them.
//!
//! A frame is encoded once: every outbox gets the same reference-counted bytes.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use charla_broker::{Audience, Broker, Delivery, Link, Listener, Privacy, Topic};
use charla_protocol::{
    RoomId, SessionId, UserId,
    events::{Event, ServerFrame, StatusAction, UserStatus},
};
use parking_lot::RwLock;

use super::outbox::Close;
pub use super::peer::{Connection, Door};
use crate::delivery::encode;

/// The sockets of a node.
#[derive(Debug, Default)]
pub struct Hub {
    rooms: RwLock<HashMap<RoomId, Room>>,
    users: RwLock<HashMap<UserId, Vec<Arc<Connection>>>>,
    broker: OnceLock<Arc<dyn Broker>>,
    is_closing: AtomicBool,
}

#[derive(Debug, Default)]
struct Room {
    followers: Vec<Follower>,
    /// How many sockets of each person have the room on screen.
    focused: HashMap<UserId, usize>,
}

/// A socket that gets a room's events.
#[derive(Debug)]
struct Follower {
    connection: Arc<Connection>,
    /// Messages up to this seq can't be seen by its person.
    hidden_seq: i64,
}

impl Hub {
    /// Names the way to the other nodes. Only the first call counts.
    pub fn set_broker(&self, broker: Arc<dyn Broker>) {
        // A second broker would be a mistake of the start-up code, and changes nothing.
        self.broker.set(broker).ok();
    }

    /// Ends all sockets, and each that comes from now on.
    pub fn close_all(&self) {
        let users = self.users.write();
        self.is_closing.store(true, Ordering::SeqCst);
        for connection in users.values().flatten() {
            connection.outbox.close(Close::Restarting);
        }
    }

    /// Adds a socket to its account. True if it is the account's first on this node.
    pub fn register(&self, connection: &Arc<Connection>) -> bool {
        let mut users = self.users.write();
        if self.is_closing.load(Ordering::SeqCst) {
            connection.outbox.close(Close::Restarting);
        }
        let connections = users.entry(connection.user).or_default();
        connections.push(connection.clone());
        let first = connections.len() == 1;
        if first {
            self.subscribe(Topic::User(connection.user));
        }
        first
    }

    /// Takes a socket out of everything. True if it was the account's last on this node.
    pub fn unregister(&self, connection: &Arc<Connection>) -> bool {
        let followed = {
            let mut following = connection.following.lock();
            following.has_left = true;
            std::mem::take(&mut following.rooms)
        };
        for room in followed {
            self.drop_from_room(connection, room);
        }
        let mut users = self.users.write();
        let Some(connections) = users.get_mut(&connection.user) else { return false };
        remove(connections, connection);
        let last = connections.is_empty();
        if last {
            users.remove(&connection.user);
            self.unsubscribe(Topic::User(connection.user));
        }
        last
    }

    /// From now on the socket gets the room's events, but for those about messages up to `hidden_seq`.
    pub fn follow(&self, connection: &Arc<Connection>, room_id: RoomId, hidden_seq: i64) {
        let mut rooms = self.rooms.write();
        let room = rooms.entry(room_id).or_default();
        if let Some(follower) = room.followers.iter_mut().find(|follower| follower.is(connection)) {
            follower.hidden_seq = hidden_seq;
            return;
        }
        room.followers.push(Follower { connection: connection.clone(), hidden_seq });
        if room.followers.len() == 1 {
            self.subscribe(Topic::Room(room_id));
        }
        drop(rooms);
        let mut following = connection.following.lock();
        if following.has_left {
            drop(following);
            self.drop_from_room(connection, room_id);
        } else {
            following.rooms.push(room_id);
        }
    }

    /// The socket gets the room's events no longer.
    pub fn unfollow(&self, connection: &Arc<Connection>, room_id: RoomId) {
        connection.following.lock().rooms.retain(|room| *room != room_id);
        self.drop_from_room(connection, room_id);
    }

    fn drop_from_room(&self, connection: &Arc<Connection>, room_id: RoomId) {
        let mut rooms = self.rooms.write();
        let Some(room) = rooms.get_mut(&room_id) else { return };
        if let Some(at) = room.followers.iter().position(|follower| follower.is(connection)) {
            room.followers.swap_remove(at);
        }
        if room.followers.is_empty() {
            rooms.remove(&room_id);
            self.unsubscribe(Topic::Room(room_id));
        }
    }

    /// Whether the socket follows the room.
    pub fn follows(&self, connection: &Connection, room_id: RoomId) -> bool {
        connection.following.lock().rooms.contains(&room_id)
    }

    /// Puts a room on the socket's screen. Gives the room that its person has left with that, and the one entered:
    /// those in which this was their only socket.
    pub fn set_focus(
        &self,
        connection: &Connection,
        focus: Option<RoomId>,
    ) -> (Option<RoomId>, Option<RoomId>) {
        let before = std::mem::replace(&mut connection.following.lock().focus, focus);
        if before == focus {
            return (None, None);
        }
        let mut rooms = self.rooms.write();
        let left = before.filter(|room| {
            rooms.get_mut(room).is_some_and(|room| {
                let Some(count) = room.focused.get_mut(&connection.user) else { return false };
                *count -= 1;
                let gone = *count == 0;
                if gone {
                    room.focused.remove(&connection.user);
                }
                gone
            })
        });
        let entered = focus.filter(|room| {
            rooms.get_mut(room).is_some_and(|room| {
                let count = room.focused.entry(connection.user).or_default();
                *count += 1;
                *count == 1
            })
        });
        (left, entered)
    }

    /// How many live sockets the account has on this node.
    pub fn sockets_of(&self, user: UserId) -> usize {
        self.users.read().get(&user).map_or(0, Vec::len)
    }

    /// Whether the account has a live socket on this node.
    pub fn is_online(&self, user: UserId) -> bool {
        self.users.read().contains_key(&user)
    }

    /// Delivers on this node, at once, and tells the others.
    pub fn send(&self, topic: Topic, delivery: &Delivery) {
        self.deliver(topic, delivery);
        if let Some(broker) = self.broker.get() {
            broker.publish(topic, delivery);
        }
    }

    /// Calls `each` for every socket.
    pub fn for_each(&self, mut each: impl FnMut(&Arc<Connection>)) {
        for connection in self.users.read().values().flatten() {
            each(connection);
        }
    }

    /// Whether no socket is live.
    pub fn is_empty(&self) -> bool {
        self.users.read().is_empty()
    }

    fn connections_of(&self, user: UserId) -> Vec<Arc<Connection>> {
        self.users.read().get(&user).cloned().unwrap_or_default()
    }

    fn deliver_to_room(&self, room_id: RoomId, text: &Bytes, wanted: impl Fn(&Follower) -> bool) {
        let Some(frame) = frame(text) else { return };
        let rooms = self.rooms.read();
        let Some(room) = rooms.get(&room_id) else { return };
        for follower in room.followers.iter().filter(|follower| wanted(follower)) {
            follower.connection.outbox.push(frame.clone());
        }
    }

    /// Who shares several of the rooms, or is a friend as well, gets it once all the same.
    fn deliver_to_acquaintances(&self, friends: &[UserId], rooms: &[RoomId], except: UserId, text: &Bytes) {
        let Some(frame) = frame(text) else { return };
        let friends: Vec<_> = friends.iter().flat_map(|friend| self.connections_of(*friend)).collect();
        let known = self.rooms.read();
        let followers = rooms.iter().filter_map(|room| known.get(room)).flat_map(|room| &room.followers);
        let mut told = HashSet::new();
        for connection in followers.map(|follower| &follower.connection).chain(&friends) {
            let is_meant = connection.door == Door::Account && connection.user != except;
            if is_meant && told.insert(Arc::as_ptr(connection)) {
                connection.outbox.push(frame.clone());
            }
        }
    }

    fn deliver_to_user(&self, user: UserId, text: &Bytes) {
        let Some(frame) = frame(text) else { return };
        if let Some(connections) = self.users.read().get(&user) {
            for connection in connections.iter().filter(|connection| connection.door == Door::Account) {
                connection.outbox.push(frame.clone());
            }
        }
    }

    fn add_room(&self, user: UserId, room: RoomId, hidden_seq: i64, text: &Bytes) {
        for connection in self.connections_of(user) {
            if connection.door.room().is_none_or(|own| own == room) {
                self.follow(&connection, room, hidden_seq);
            }
        }
        self.deliver_to_user(user, text);
    }

    fn remove_room(&self, user: UserId, room: RoomId, text: &Bytes) {
        for connection in self.connections_of(user) {
            match connection.door {
                Door::Account => {
                    if connection.focus() == Some(room)
                        && self.set_focus(&connection, None).0.is_some()
                        && connection.shared().presence
                    {
                        self.tell_looking(&connection, room, StatusAction::UserLeft);
                    }
                    self.unfollow(&connection, room);
                }
                Door::Room(own) if own == room => {
                    self.unfollow(&connection, room);
                    connection.outbox.close(Close::RemovedFromRoom);
                }
                Door::Room(_) => {}
            }
        }
        self.deliver_to_user(user, text);
    }

    /// Who is taken out of the room they look at leaves its screen; who hides whether they are there, too.
    fn tell_looking(&self, connection: &Connection, room: RoomId, action: StatusAction) {
        let (user_id, username) = (connection.user, connection.username.clone());
        let status = UserStatus { action, user_id, username, last_seen: None };
        let text = encode(ServerFrame::room(room, Event::UserStatus(status)));
        let (audience, by) = (Audience::Watching, Some(user_id));
        self.send(Topic::Room(room), &Delivery::Frame { text, audience, except: by, by });
    }

    /// Notes what an account shares. Who shows or hides whether they are there comes into view, or leaves it, in the rooms
    /// they look at.
    fn set_privacy(&self, user: UserId, privacy: Privacy) {
        let mut told = HashSet::new();
        for connection in self.connections_of(user) {
            let before = connection.share(privacy);
            let Some(room) = connection.focus().filter(|_| before.presence != privacy.presence) else {
                continue;
            };
            if told.insert(room) {
                let action = if privacy.presence { StatusAction::UserJoined } else { StatusAction::UserLeft };
                self.tell_looking(&connection, room, action);
            }
        }
    }

    fn end_sessions(&self, sessions: &[SessionId]) {
        for connection in self.users.read().values().flatten() {
            if sessions.contains(&connection.session) {
                connection.outbox.close(Close::SessionEnded);
            }
        }
    }

    fn subscribe(&self, topic: Topic) {
        if let Some(broker) = self.broker.get() {
            broker.subscribe(topic);
        }
    }

    fn unsubscribe(&self, topic: Topic) {
        if let Some(broker) = self.broker.get() {
            broker.unsubscribe(topic);
        }
    }
}

impl Follower {
    fn is(&self, connection: &Arc<Connection>) -> bool {
        Arc::ptr_eq(&self.connection, connection)
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
            (Topic::Room(room), Delivery::Change { seq, text, keeping, .. }) => {
                let sees = |follower: &Follower| *seq > follower.hidden_seq;
                let shares = |follower: &Follower| follower.connection.shared().receipts;
                match keeping {
                    None => self.deliver_to_room(room, text, sees),
                    Some(keeping) => {
                        self.deliver_to_room(room, keeping, |follower| sees(follower) && !shares(follower));
                        self.deliver_to_room(room, text, |follower| sees(follower) && shares(follower));
                    }
                }
            }
            (Topic::User(user), Delivery::Frame { text, .. }) => self.deliver_to_user(user, text),
            (Topic::User(user), Delivery::RoomAdded { room_id, hidden_seq, text }) => {
                self.add_room(user, *room_id, *hidden_seq, text);
            }
            (Topic::User(user), Delivery::RoomRemoved { room_id, text }) => {
                self.remove_room(user, *room_id, text)
            }
            (Topic::User(user), Delivery::Privacy(privacy)) => self.set_privacy(user, *privacy),
            (Topic::User(user), Delivery::Parted { from, are_parted }) => {
                for connection in self.connections_of(user) {
                    connection.part(*from, *are_parted);
                }
            }
            (Topic::User(user), Delivery::Held) => {
                for connection in self.connections_of(user) {
                    connection.outbox.close(Close::Unverified);
                }
            }
            (_, Delivery::Acquaintances { friends, rooms, except, text }) => {
                self.deliver_to_acquaintances(friends, rooms, *except, text);
            }
            (_, Delivery::SessionsEnded(sessions)) => self.end_sessions(sessions),
            (topic, delivery) => {
                tracing::warn!(?topic, ?delivery, "a delivery that fits no topic was dropped")
            }
        }
    }

    fn link(&self, _link: Link) {}
}

fn frame(text: &Bytes) -> Option<Utf8Bytes> {
    let frame = Utf8Bytes::try_from(text.clone());
    if frame.is_err() {
        tracing::warn!("a frame that is not UTF-8 was dropped");
    }
    frame.ok()
}

fn remove(connections: &mut Vec<Arc<Connection>>, connection: &Arc<Connection>) {
    if let Some(at) = connections.iter().position(|other| Arc::ptr_eq(other, connection)) {
        connections.swap_remove(at);
    }
}
