//! One live socket, as the hub knows it: whose it is, what it follows, and what may be told to it.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
};

use charla_broker::{Looker, Privacy};
use charla_db::queries::audit::Via;
use charla_protocol::{RoomId, SessionId, UserId, bots::Scope, users::Language};
use parking_lot::Mutex;

use super::outbox::Outbox;
use crate::auth::Caller;

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
    /// For the audit log: that of the handshake.
    pub via: Via,
    /// What a bot's token permits; none for people.
    pub scopes: Option<Vec<Scope>>,
    pub language: Language,
    pub door: Door,
    pub outbox: Outbox,
    pub(super) following: Mutex<Following>,
    /// When anything last came from the other end, by the ticks of the clock.
    heard_at: AtomicI64,
    /// What the account shares of itself, and so sees of others; nobody knows at first.
    privacy: Mutex<Option<Privacy>>,
    /// Whom a block parts from the account: true, or false where that has ended since the socket came.
    parted: Mutex<HashMap<UserId, bool>>,
    /// Grows with everything that the socket is told of its account.
    told: AtomicU32,
    /// The socket knows all that it needs of its account.
    is_greeted: AtomicBool,
}

/// What a socket holds to be true of its account.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beliefs {
    /// The rooms that it is in, each with the seq up to which it is hidden.
    pub(super) rooms: HashMap<RoomId, i64>,
    pub(super) privacy: Privacy,
    pub(super) parted: HashSet<UserId>,
}

#[derive(Debug, Default)]
pub(super) struct Following {
    /// Each with the seq up to which it is hidden.
    pub(super) rooms: Vec<(RoomId, i64)>,
    pub(super) focus: Option<RoomId>,
    /// The socket has been taken out: it follows nothing more.
    pub(super) has_left: bool,
    learnt: Vec<Learnt>,
}

/// How long what was told of an account may still be overtaken by something older, in milliseconds.
const OVERTAKEN_WITHIN: i64 = 60_000;

/// What a socket was told of its account and a room.
#[derive(Debug)]
struct Learnt {
    room_id: RoomId,
    /// Of the room, at which that was so.
    revision: i64,
    is_member: bool,
    at: i64,
}

impl Following {
    /// Notes that the account was in the room at that revision, or was not. False where the socket has heard of a later one: nodes tell
    /// what they have read, and may take different times for it.
    pub(super) fn learn(&mut self, room_id: RoomId, revision: i64, is_member: bool, ticks: i64) -> bool {
        self.learnt.retain(|learnt| ticks - learnt.at < OVERTAKEN_WITHIN);
        let news = Learnt { room_id, revision, is_member, at: ticks };
        match self.learnt.iter_mut().find(|learnt| learnt.room_id == room_id) {
            // Who is in a room that they have left has come back after that revision, which will be told.
            Some(learnt) if (learnt.revision, !learnt.is_member) > (revision, !is_member) => return false,
            Some(learnt) => *learnt = news,
            None => self.learnt.push(news),
        }
        true
    }

    /// Whether the socket was told of the room as it was at that revision, or later.
    pub(super) fn has_learnt(&self, room_id: RoomId, revision: i64) -> bool {
        self.learnt.iter().any(|learnt| learnt.room_id == room_id && learnt.revision >= revision)
    }

    pub(super) fn hide(&mut self, room_id: RoomId, up_to: i64) {
        for (_, hidden_seq) in self.rooms.iter_mut().filter(|(room, _)| *room == room_id) {
            *hidden_seq = up_to;
        }
    }
}

impl Connection {
    pub fn new(caller: &Caller, language: Language, door: Door, outbox: Outbox, ticks: i64) -> Self {
        Self {
            user: caller.id(),
            username: caller.user.username.clone(),
            session: caller.session,
            via: caller.via,
            scopes: caller.scopes.clone(),
            language,
            door,
            outbox,
            following: Mutex::default(),
            heard_at: AtomicI64::new(ticks),
            privacy: Mutex::default(),
            parted: Mutex::default(),
            told: AtomicU32::new(0),
            is_greeted: AtomicBool::new(false),
        }
    }

    /// From now on what the socket knows of its account is held against the database.
    pub(super) fn was_greeted(&self) {
        self.is_greeted.store(true, Ordering::Release);
    }

    /// The socket is being told something of its account.
    pub(super) fn was_told(&self) {
        self.told.fetch_add(1, Ordering::AcqRel);
    }

    /// How often the socket has been told something of its account; none while it is still finding out.
    pub(super) fn times_told(&self) -> Option<u32> {
        self.is_greeted.load(Ordering::Acquire).then(|| self.told.load(Ordering::Acquire))
    }

    pub(super) fn beliefs(&self) -> Beliefs {
        let rooms = self.following.lock().rooms.iter().copied().collect();
        let parted = self.parted.lock();
        let parted = parted.iter().filter(|(_, is)| **is).map(|(person, _)| *person).collect();
        Beliefs { rooms, privacy: self.shared(), parted }
    }

    pub(super) fn looker(&self) -> Looker {
        Looker { user: self.user, username: self.username.clone() }
    }

    /// Notes a sign of life.
    pub fn heard(&self, ticks: i64) {
        self.heard_at.store(ticks, Ordering::Relaxed);
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
    pub fn silent_for(&self, ticks: i64) -> i64 {
        ticks - self.heard_at.load(Ordering::Relaxed)
    }

    /// The room on screen.
    pub fn focus(&self) -> Option<RoomId> {
        self.following.lock().focus
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn of_what_is_told_of_a_room_the_later_counts() {
        let mut following = Following::default();
        let [room, other] = [1, 2].map(|number| RoomId(Uuid::from_u128(number)));
        for (revision, is_member, is_news) in [
            (5, true, true),
            (5, true, true),
            (4, false, false),
            (6, false, true),
            (5, true, false),
            (6, true, false),
            (7, true, true),
            (7, false, true),
        ] {
            assert_eq!(following.learn(room, revision, is_member, 0), is_news, "{revision} {is_member}");
        }
        assert!(following.learn(other, 1, true, 0));
        // Numbers go back where a database was replaced.
        assert!(!following.learn(room, 3, true, OVERTAKEN_WITHIN - 1));
        assert!(following.learn(room, 3, true, OVERTAKEN_WITHIN));
        assert_eq!(following.learnt.len(), 1);
    }
}
