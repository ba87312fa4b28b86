//! A room that somebody on this node follows.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use charla_protocol::{RoomId, UserId};
use indexmap::IndexMap;
use parking_lot::Mutex;
use uuid::Uuid;

use super::{
    Connection,
    lookers::Lookers,
    sequence::{Change, Removal, Sequence, Turn},
};
use crate::ws::{Meter, outbox::Pace, socket::Frame};

#[derive(Debug)]
pub(super) struct Room {
    id: RoomId,
    /// By the addresses of their sockets: in a crowd that comes or goes each finds its place at once.
    followers: IndexMap<usize, Follower>,
    /// How many sockets of each person have the room on screen.
    pub(super) focused: HashMap<UserId, usize>,
    /// Those who have it on screen on other nodes.
    pub(super) elsewhere: HashMap<Uuid, Lookers>,
    /// Held while a change is told, so that all followers get all changes in one order.
    sequence: Mutex<Sequence>,
    meter: Arc<Meter>,
}

/// A socket that gets a room's events.
#[derive(Debug)]
pub(super) struct Follower {
    pub(super) connection: Arc<Connection>,
    /// Messages up to this seq can't be seen by its person.
    pub(super) hidden_seq: AtomicI64,
    /// The room's revision at which that was so.
    pub(super) as_of: i64,
}

impl Follower {
    fn sees(&self, change: &Change) -> bool {
        change.seq > self.hidden_seq.load(Ordering::Relaxed)
    }
}

impl Room {
    pub(super) fn new(id: RoomId, revision: i64, meter: Arc<Meter>) -> Self {
        let sequence = Mutex::new(Sequence::new(revision));
        Self {
            id,
            followers: IndexMap::new(),
            focused: HashMap::new(),
            elsewhere: HashMap::new(),
            sequence,
            meter,
        }
    }

    pub(super) fn followers(&self) -> impl Iterator<Item = &Follower> {
        self.followers.values()
    }

    /// Whether nobody follows the room.
    pub(super) fn is_deserted(&self) -> bool {
        self.followers.is_empty()
    }

    /// Adds a follower, or takes it in the place of the one that its socket is already. True if it is new.
    pub(super) fn add(&mut self, follower: Follower) -> bool {
        self.followers.insert(address(&follower.connection), follower).is_none()
    }

    pub(super) fn remove(&mut self, connection: &Arc<Connection>) {
        self.followers.swap_remove(&address(connection));
    }

    /// Tells a change in its turn, with what has waited for it. True where something before it is missing.
    pub(super) fn change(&self, revision: i64, change: Change, pace: Pace) -> bool {
        let mut sequence = self.sequence.lock();
        match sequence.turn(revision) {
            Turn::Past => false,
            Turn::Known => {
                self.tell(&change, pace);
                sequence.pass(revision);
                false
            }
            Turn::Next => {
                self.tell(&change, pace);
                sequence.advance();
                while let Some(change) = sequence.take_next() {
                    self.tell(&change, pace);
                }
                false
            }
            Turn::Later => {
                sequence.hold(revision, change);
                true
            }
        }
    }

    /// The room has that revision. True where followers have not been told all of it.
    pub(super) fn know(&self, revision: i64) -> bool {
        let mut sequence = self.sequence.lock();
        sequence.know(revision);
        sequence.is_behind()
    }

    pub(super) fn told(&self) -> i64 {
        self.sequence.lock().told()
    }

    /// What was told past this revision is no more: the followers are to ask.
    pub(super) fn go_back(&self, revision: i64, resync: &Frame) {
        let mut sequence = self.sequence.lock();
        if sequence.told() > revision {
            *sequence = Sequence::back_at(revision);
            self.ask(resync);
        }
    }

    /// How far the followers have been told, where something is missing.
    pub(super) fn behind(&self) -> Option<i64> {
        let sequence = self.sequence.lock();
        sequence.is_behind().then(|| sequence.told())
    }

    /// Tells what was fetched, all that there is up to `through`.
    pub(super) fn fill(&self, fetched: impl IntoIterator<Item = (i64, Change)>, through: i64) {
        let mut sequence = self.sequence.lock();
        for change in sequence.fill(fetched.into_iter().collect(), through) {
            self.tell(&change, Pace::WithMore);
        }
    }

    /// Gives up telling what is missing up to `through`: the followers are to ask for it.
    pub(super) fn skip(&self, through: i64, resync: &Frame) {
        let mut sequence = self.sequence.lock();
        self.ask(resync);
        for change in sequence.skip(through) {
            self.tell(&change, Pace::WithMore);
        }
    }

    fn ask(&self, resync: &Frame) {
        for follower in self.followers() {
            follower.connection.outbox.push(resync.clone(), Pace::Now);
        }
        self.meter.losses.add(self.followers.len() as u64);
    }

    /// Hides all from who is out of the room. That they are told so may take another way, and longer; what their sockets know is put
    /// right by that, or by the next look at it.
    fn remove_person(&self, Removal { user, revision }: Removal) {
        let gone = |follower: &&Follower| follower.connection.user == user && follower.as_of < revision;
        for follower in self.followers().filter(gone) {
            follower.hidden_seq.store(i64::MAX, Ordering::Relaxed);
            follower.connection.following.lock().hide(self.id, i64::MAX);
        }
    }

    /// One look at each follower, so that who changes their mind meanwhile gets one of the two.
    fn tell(&self, change: &Change, pace: Pace) {
        if let Some(removal) = change.removes {
            self.remove_person(removal);
        }
        let mut told = 0;
        for follower in self.followers().filter(|follower| follower.sees(change)) {
            let keeping = change.keeping.as_ref().filter(|_| !follower.connection.shared().receipts);
            follower.connection.outbox.push(keeping.unwrap_or(&change.frame).clone(), pace);
            told += 1;
        }
        self.meter.delivered.add(told);
    }
}

fn address(connection: &Arc<Connection>) -> usize {
    Arc::as_ptr(connection).addr()
}
