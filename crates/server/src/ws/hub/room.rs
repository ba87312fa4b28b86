//! A room that somebody on this node follows.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use charla_protocol::{RoomId, UserId};
use indexmap::{IndexMap, map::Entry};
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
    pub(super) as_of: AtomicI64,
}

/// What has become of a follower that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    New,
    /// In the place of what was known of the same socket.
    Again,
    /// Not at all: something later is known.
    Late,
}

impl Follower {
    pub(super) fn new(connection: &Arc<Connection>, hidden_seq: i64, as_of: i64) -> Self {
        Self { connection: connection.clone(), hidden_seq: hidden_seq.into(), as_of: as_of.into() }
    }

    fn as_of(&self) -> i64 {
        self.as_of.load(Ordering::Relaxed)
    }

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

    /// Adds a follower, or takes it in the place of the one that its socket is already, unless that knows something later.
    pub(super) fn add(&mut self, follower: Follower) -> Added {
        match self.followers.entry(address(&follower.connection)) {
            Entry::Vacant(place) => {
                place.insert(follower);
                Added::New
            }
            Entry::Occupied(known) if known.get().as_of() > follower.as_of() => Added::Late,
            Entry::Occupied(mut known) => {
                known.insert(follower);
                Added::Again
            }
        }
    }

    /// From whom how much is hidden.
    pub(super) fn hidden_seqs(&self) -> BTreeMap<UserId, i64> {
        let mut hidden = BTreeMap::new();
        for follower in self.followers() {
            let hidden_seq = follower.hidden_seq.load(Ordering::Relaxed);
            let lowest = hidden.entry(follower.connection.user).or_insert(hidden_seq);
            *lowest = hidden_seq.min(*lowest);
        }
        hidden
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
            self.followers().for_each(|follower| {
                follower.as_of.fetch_min(revision, Ordering::Relaxed);
            });
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
        let gone = |follower: &&Follower| follower.connection.user == user && follower.as_of() < revision;
        for follower in self.followers().filter(gone) {
            follower.hidden_seq.store(i64::MAX, Ordering::Relaxed);
            follower.as_of.store(revision, Ordering::Relaxed);
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
