//! One live socket, as the hub knows it: whose it is, what it follows, and what may be told to it.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicI64, Ordering},
};

use charla_broker::Privacy;
use charla_protocol::{RoomId, SessionId, Timestamp, UserId, users::Language};
use parking_lot::Mutex;

use super::outbox::Outbox;

/// Which of the two doors a socket came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `/ws/`: all rooms of the account.
    Account,
    /// `/ws/chat/{room_id}/`: one room.
    Room(RoomId),
}

impl Door {
    /// The one room of a room socket.
    pub const fn room(self) -> Option<RoomId> {
        match self {
            Self::Account => None,
            Self::Room(room) => Some(room),
        }
    }
}

/// One live socket.
#[derive(Debug)]
pub struct Connection {
    pub user: UserId,
    pub username: String,
    pub session: SessionId,
    pub language: Language,
    pub door: Door,
    pub outbox: Outbox,
    pub(super) following: Mutex<Following>,
    /// When anything last came from the other end, in milliseconds of the clock.
    heard_at: AtomicI64,
    /// What the account shares of itself, and so sees of others; nobody knows at first.
    privacy: Mutex<Option<Privacy>>,
    /// Whom a block parts from the account: true, or false where that has ended since the socket came.
    parted: Mutex<HashMap<UserId, bool>>,
}

#[derive(Debug, Default)]
pub(super) struct Following {
    pub(super) rooms: Vec<RoomId>,
    pub(super) focus: Option<RoomId>,
    /// The socket has been taken out: it follows nothing more.
    pub(super) has_left: bool,
}

impl Connection {
    pub fn new(
        user: UserId,
        username: String,
        session: SessionId,
        language: Language,
        door: Door,
        now: Timestamp,
    ) -> Self {
        Self {
            user,
            username,
            session,
            language,
            door,
            outbox: Outbox::default(),
            following: Mutex::default(),
            heard_at: AtomicI64::new(now.millis()),
            privacy: Mutex::default(),
            parted: Mutex::default(),
        }
    }

    /// Notes a sign of life.
    pub fn heard(&self, now: Timestamp) {
        self.heard_at.store(now.millis(), Ordering::Relaxed);
    }

    /// Notes what the account now shares, and gives what it shared before.
    pub(super) fn share(&self, privacy: Privacy) -> Privacy {
        self.privacy.lock().replace(privacy).unwrap_or_default()
    }

    /// The same as it was read a while ago: what has been told since counts.
    pub fn found_to_share(&self, privacy: Privacy) {
        self.privacy.lock().get_or_insert(privacy);
    }

    /// What the account shares; nothing until it is known.
    pub fn shared(&self) -> Privacy {
        self.privacy.lock().unwrap_or_default()
    }

    /// Notes whether a block parts somebody from the account.
    pub(super) fn part(&self, from: UserId, are_parted: bool) {
        self.parted.lock().insert(from, are_parted);
    }

    /// The same as it was read a while ago: what has been told since counts.
    pub fn found_parted(&self, people: impl IntoIterator<Item = UserId>) {
        let mut parted = self.parted.lock();
        for person in people {
            parted.entry(person).or_insert(true);
        }
    }

    pub(super) fn is_parted_from(&self, person: UserId) -> bool {
        self.parted.lock().get(&person).is_some_and(|is| *is)
    }

    /// Milliseconds since the last sign of life.
    pub fn silent_for(&self, now: Timestamp) -> i64 {
        now.millis() - self.heard_at.load(Ordering::Relaxed)
    }

    /// The room on screen.
    pub fn focus(&self) -> Option<RoomId> {
        self.following.lock().focus
    }
}
