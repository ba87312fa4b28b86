//! Which sockets of this node follow which rooms and accounts, and the delivery to them.
//!
//! A frame is encoded once: every outbox gets the same reference-counted bytes.

mod accounts;
mod deliver;
mod lookers;
mod room;
mod sequence;
mod timelines;

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use charla_broker::{Broker, Delivery, Link, Listener, Topic};
use charla_protocol::{RoomId, UserId};
use parking_lot::{Mutex, ReentrantMutex, RwLock};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use super::peer::{Connection, Door};
use super::{
    Meter,
    outbox::{Close, Pace},
    partition::Partition,
    repair::Repairs,
    watch::Watch,
};
use crate::{auth::Limits, clock::Clock, presence::Presence};
pub(super) use deliver::as_change;
use room::{Added, Follower, Room};
pub(crate) use sequence::Change;

/// Sockets for one room of which the database is asked at once whether they may in: fewer than there are connections to read by, so
/// that a crowd that comes back takes not all of them, nor stands before everybody else in line for them.
const COME_IN_AT_ONCE: usize = 8;

/// The sockets of a node.
#[derive(Debug)]
pub struct Hub {
    rooms: RwLock<HashMap<RoomId, Room>>,
    users: RwLock<HashMap<UserId, Vec<Arc<Connection>>>>,
    broker: OnceLock<Arc<dyn Broker>>,
    is_closing: AtomicBool,
    /// How many are telling several things in a row.
    telling_more: AtomicUsize,
    clock: Arc<dyn Clock>,
    presence: Arc<Presence>,
    limits: Arc<Limits>,
    pub(super) repairs: Repairs,
    pub(super) watch: Watch,
    pub(super) partition: Partition,
    /// Held while what a socket knows of its account is changed, so that nothing is changed by what was read before that.
    changing: ReentrantMutex<()>,
    coming_in: Arc<Semaphore>,
    /// Held while the other nodes are told who looks at rooms, so that they hear it in the order in which it happened.
    telling_lookers: Mutex<()>,
    pub(in crate::ws) meter: Arc<Meter>,
}

impl Hub {
    /// What other nodes tell of who is there, and of what they have counted, goes to these.
    pub fn new(clock: Arc<dyn Clock>, presence: Arc<Presence>, limits: Arc<Limits>) -> Self {
        Self {
            rooms: RwLock::default(),
            users: RwLock::default(),
            broker: OnceLock::new(),
            is_closing: AtomicBool::new(false),
            telling_more: AtomicUsize::new(0),
            clock,
            presence,
            limits,
            repairs: Repairs::default(),
            watch: Watch::default(),
            partition: Partition::default(),
            changing: ReentrantMutex::default(),
            coming_in: Arc::new(Semaphore::new(COME_IN_AT_ONCE)),
            telling_lookers: Mutex::default(),
            meter: Arc::default(),
        }
    }

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

    /// Waits until one of those who come into a room may ask the database for what that takes.
    pub(in crate::ws) async fn turn_to_come_in(&self) -> Option<OwnedSemaphorePermit> {
        // It is never closed.
        self.coming_in.clone().acquire_owned().await.ok()
    }

    /// Adds a socket to its account.
    pub fn register(&self, connection: &Arc<Connection>) {
        self.meter.opened(connection.door);
        let mut users = self.users.write();
        if self.is_closing.load(Ordering::SeqCst) {
            connection.outbox.close(Close::Restarting);
        }
        let connections = users.entry(connection.user).or_default();
        connections.push(connection.clone());
        if connections.len() == 1 {
            self.subscribe(Topic::User(connection.user));
        }
    }

    /// Takes a socket out of everything. True if it was the account's last on this node.
    pub fn unregister(&self, connection: &Arc<Connection>) -> bool {
        self.meter.closed(connection.door);
        let followed = {
            let mut following = connection.following.lock();
            following.has_left = true;
            std::mem::take(&mut following.rooms)
        };
        for (room, _) in followed {
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

    /// From now on the socket gets the room's events, but for those about messages up to `hidden_seq`. The revision is one that the
    /// room has had: of what is younger, the socket is told, or finds out when it hears how young the room is. True if nobody here has
    /// followed the room until now: what other nodes tell of it is heard from here on.
    pub fn follow(
        &self,
        connection: &Arc<Connection>,
        room_id: RoomId,
        hidden_seq: i64,
        revision: i64,
    ) -> bool {
        let mut rooms = self.rooms.write();
        let room = rooms.entry(room_id).or_insert_with(|| Room::new(room_id, revision, self.meter.clone()));
        let is_first = room.is_deserted();
        let added = room.add(Follower::new(connection, hidden_seq, revision));
        if added != Added::New {
            drop(rooms);
            if added == Added::Again {
                connection.following.lock().hide(room_id, hidden_seq);
            }
            return false;
        }
        if is_first {
            self.subscribe(Topic::Room(room_id));
        }
        drop(rooms);
        let mut following = connection.following.lock();
        if following.has_left {
            drop(following);
            self.drop_from_room(connection, room_id);
        } else {
            following.rooms.push((room_id, hidden_seq));
        }
        is_first
    }

    /// The socket gets the room's events no longer.
    pub fn unfollow(&self, connection: &Arc<Connection>, room_id: RoomId) {
        connection.following.lock().rooms.retain(|(room, _)| *room != room_id);
        self.drop_from_room(connection, room_id);
    }

    fn drop_from_room(&self, connection: &Arc<Connection>, room_id: RoomId) {
        let mut rooms = self.rooms.write();
        let Some(room) = rooms.get_mut(&room_id) else { return };
        room.remove(connection);
        if room.is_deserted() {
            rooms.remove(&room_id);
            self.unsubscribe(Topic::Room(room_id));
        }
    }

    /// Whether the socket follows the room.
    pub fn follows(&self, connection: &Connection, room_id: RoomId) -> bool {
        connection.following.lock().rooms.iter().any(|(room, _)| *room == room_id)
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

    /// Says that several things are told in a row, until the guard is dropped: each socket gets them with one write.
    pub fn tell_more(&self) -> TellingMore<'_> {
        self.telling_more.fetch_add(1, Ordering::Relaxed);
        TellingMore(self)
    }

    pub(super) fn pace(&self) -> Pace {
        match self.telling_more.load(Ordering::Relaxed) {
            0 => Pace::Now,
            _ => Pace::WithMore,
        }
    }

    /// Delivers on this node, at once, and tells the others.
    pub fn send(&self, topic: Topic, delivery: &Delivery) {
        self.deliver(topic, delivery);
        self.publish(topic, delivery);
    }

    /// Calls `each` for every socket.
    pub fn for_each(&self, mut each: impl FnMut(&Arc<Connection>)) {
        for connection in self.users.read().values().flatten() {
            each(connection);
        }
    }

    /// How many accounts have a socket here, and how many rooms are followed.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.users.read().len(), self.rooms.read().len())
    }

    /// Whether no socket is live.
    pub fn is_empty(&self) -> bool {
        self.users.read().is_empty()
    }

    /// How the link to the other nodes is.
    pub fn link(&self) -> Link {
        self.broker.get().map_or(Link::Live, |broker| broker.link())
    }

    /// Whether the other nodes can be heard, all of them as far as that is known.
    pub(super) fn hears_all(&self) -> bool {
        self.link() == Link::Live && !self.partition.is_there()
    }

    /// Resolves once what has been followed so far is told by the other nodes too, or none of them can be heard.
    pub async fn settled(&self) {
        if let Some(broker) = self.broker.get() {
            broker.settled().await;
        }
    }

    /// Tells the other nodes, and delivers nothing here.
    pub fn publish(&self, topic: Topic, delivery: &Delivery) {
        if let Some(broker) = self.broker.get() {
            broker.publish(topic, delivery);
        }
    }

    /// The account's sockets on this node.
    pub(super) fn connections_of(&self, user: UserId) -> Vec<Arc<Connection>> {
        self.users.read().get(&user).cloned().unwrap_or_default()
    }

    /// The accounts that have a socket on this node, of those wanted.
    pub(super) fn accounts(&self, is_wanted: impl Fn(UserId) -> bool) -> Vec<UserId> {
        self.users.read().keys().copied().filter(|user| is_wanted(*user)).collect()
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

/// Several things are being told in a row.
#[derive(Debug)]
pub struct TellingMore<'a>(&'a Hub);

impl Drop for TellingMore<'_> {
    fn drop(&mut self) {
        self.0.telling_more.fetch_sub(1, Ordering::Relaxed);
    }
}

fn remove(connections: &mut Vec<Arc<Connection>>, connection: &Arc<Connection>) {
    if let Some(at) = connections.iter().position(|other| Arc::ptr_eq(other, connection)) {
        connections.swap_remove(at);
    }
}
