//! The order of a room's changes on this node: each is told once, in the order of its number, whatever way it comes.

use std::collections::BTreeMap;

use charla_protocol::UserId;

use crate::ws::socket::Frame;

/// Changes that are held for a room at most, and their bytes: what is beyond is fetched.
const MOST_HELD: usize = 64;
const MOST_HELD_BYTES: usize = 512 * 1024;

/// A change of a room's timeline, as it goes to the sockets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The seq of the message: not for those from whom it is hidden.
    pub(crate) seq: i64,
    pub(crate) frame: Frame,
    /// What those get who keep their read receipts to themselves, where that differs.
    pub(crate) keeping: Option<Frame>,
    pub(super) removes: Option<Removal>,
}

/// Somebody is out of the room: neither the change by which they are nor what follows it is for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Removal {
    pub(super) user: UserId,
    pub(super) revision: i64,
}

/// How far the followers of a room have been told, and what waits for what is missing before it.
#[derive(Debug)]
pub(super) struct Sequence {
    /// Followers have been told everything up to here, or find out by themselves.
    told: i64,
    /// The last number that went out here. Lower than the former where the room has just begun to be followed.
    passed: i64,
    /// The highest number that is known to have been given.
    known: i64,
    held: BTreeMap<i64, Change>,
    held_bytes: usize,
}

/// Whose turn a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It has been told.
    Past,
    /// Followers know that there is such a number, and may not have been told what it is.
    Known,
    Next,
    /// Something before it is missing.
    Later,
}

impl Sequence {
    /// Followers know of everything up to `told`, or find out by themselves.
    pub(super) fn new(told: i64) -> Self {
        Self { told, passed: 0, known: told, held: BTreeMap::new(), held_bytes: 0 }
    }

    /// The numbers past `told` are given anew: whatever is known of them is void.
    pub(super) fn back_at(told: i64) -> Self {
        Self { passed: told, ..Self::new(told) }
    }

    pub(super) fn turn(&self, revision: i64) -> Turn {
        match revision - self.told {
            ..=0 if revision <= self.passed => Turn::Past,
            ..=0 => Turn::Known,
            1 => Turn::Next,
            2.. => Turn::Later,
        }
    }

    pub(super) fn told(&self) -> i64 {
        self.told
    }

    /// Whether something is missing.
    pub(super) fn is_behind(&self) -> bool {
        self.told < self.known
    }

    /// That number has been given.
    pub(super) fn know(&mut self, revision: i64) {
        self.known = self.known.max(revision);
    }

    /// Keeps a change until its turn comes.
    pub(super) fn hold(&mut self, revision: i64, change: Change) {
        self.know(revision);
        let bytes = change.bytes();
        if self.held.len() < MOST_HELD && self.held_bytes + bytes <= MOST_HELD_BYTES {
            let before = self.held.insert(revision, change);
            self.held_bytes += bytes;
            self.held_bytes -= before.map_or(0, |before| before.bytes());
        }
    }

    /// The change with the next number has been told.
    pub(super) fn advance(&mut self) {
        self.told += 1;
        self.passed = self.told;
        self.know(self.told);
    }

    /// A change with a number that followers know has been told.
    pub(super) fn pass(&mut self, revision: i64) {
        self.passed = revision;
    }

    /// The change whose turn it is now, if it waits.
    pub(super) fn take_next(&mut self) -> Option<Change> {
        let change = self.held.remove(&(self.told + 1))?;
        self.held_bytes -= change.bytes();
        self.advance();
        Some(change)
    }

    /// Everything up to `through` is known now: gives what of it is to be told yet, in order, of what was held and of what was
    /// `fetched`. Of a number that both have, the held one says more.
    pub(super) fn fill(&mut self, mut fetched: BTreeMap<i64, Change>, through: i64) -> Vec<Change> {
        let rest = self.held.split_off(&(through + 1));
        fetched.append(&mut self.held);
        self.held = rest;
        self.held_bytes = self.held.values().map(Change::bytes).sum();
        let told = self.told;
        self.told = told.max(through);
        self.passed = self.told;
        self.know(self.told);
        let mut due: Vec<Change> = fetched
            .into_iter()
            .filter(|(revision, _)| (told + 1..=through).contains(revision))
            .map(|(_, change)| change)
            .collect();
        due.extend(std::iter::from_fn(|| self.take_next()));
        due
    }

    /// The same where the followers are to ask for everything up to `through` themselves: gives what follows it.
    pub(super) fn skip(&mut self, through: i64) -> Vec<Change> {
        self.held = self.held.split_off(&(through + 1));
        self.fill(BTreeMap::new(), through)
    }
}

impl Change {
    /// Bytes of all its texts.
    fn bytes(&self) -> usize {
        self.frame.len() + self.keeping.as_ref().map_or(0, |keeping| keeping.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str) -> Change {
        Change { seq: 1, frame: Frame::text(text), keeping: None, removes: None }
    }

    fn texts(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(|change| change.frame.as_text()).collect()
    }

    #[test]
    fn what_comes_in_order_has_its_turn_at_once() {
        let mut sequence = Sequence::new(5);
        assert_eq!([5, 6, 7].map(|revision| sequence.turn(revision)), [Turn::Known, Turn::Next, Turn::Later]);
        sequence.advance();
        assert_eq!([5, 6].map(|revision| sequence.turn(revision)), [Turn::Past; 2]);
        assert!(!sequence.is_behind());
    }

    /// Who comes into a room is told how young it is before the change that brought them in.
    #[test]
    fn what_was_on_its_way_when_a_room_began_to_be_followed_goes_out_once() {
        let mut sequence = Sequence::new(5);
        for revision in 3..=5 {
            assert_eq!(sequence.turn(revision), Turn::Known);
            sequence.pass(revision);
            assert_eq!(sequence.turn(revision), Turn::Past);
        }
        assert_eq!((sequence.turn(6), sequence.told(), sequence.is_behind()), (Turn::Next, 5, false));
    }

    #[test]
    fn what_comes_too_early_waits_for_what_is_missing() {
        let mut sequence = Sequence::new(0);
        sequence.hold(3, change("3"));
        sequence.hold(2, change("2"));
        assert!(sequence.is_behind() && sequence.take_next().is_none());
        sequence.advance();
        let due: Vec<_> = std::iter::from_fn(|| sequence.take_next()).collect();
        assert_eq!(texts(&due), ["2", "3"]);
        assert!(!sequence.is_behind());
    }

    #[test]
    fn what_was_fetched_fills_the_gap_and_what_follows_comes_with_it() {
        let mut sequence = Sequence::new(1);
        for revision in [3, 5, 8] {
            sequence.hold(revision, change(&format!("held {revision}")));
        }
        let fetched = [1, 2, 3, 4].map(|revision| (revision, change(&format!("fetched {revision}"))));
        let due = sequence.fill(fetched.into(), 4);
        assert_eq!(texts(&due), ["fetched 2", "held 3", "fetched 4", "held 5"]);
        assert_eq!((sequence.told(), sequence.is_behind()), (5, true));
    }

    #[test]
    fn a_number_that_was_superseded_is_passed_over() {
        let mut sequence = Sequence::new(1);
        sequence.know(4);
        let due = sequence.fill([(2, change("2")), (4, change("4"))].into(), 4);
        assert_eq!(texts(&due), ["2", "4"]);
        assert_eq!((sequence.told(), sequence.is_behind()), (4, false));
    }

    #[test]
    fn what_was_told_meanwhile_is_not_told_again() {
        let mut sequence = Sequence::new(1);
        (0..3).for_each(|_| sequence.advance());
        let due = sequence.fill([(2, change("2")), (3, change("3"))].into(), 3);
        assert!(due.is_empty());
        assert_eq!(sequence.told(), 4);
    }

    #[test]
    fn what_is_held_is_bounded_and_nothing_is_forgotten_by_that() {
        let mut sequence = Sequence::new(0);
        for revision in 2..1_000 {
            sequence.hold(revision, change("x"));
        }
        assert_eq!(sequence.held.len(), MOST_HELD);
        sequence.hold(2, change("x"));
        assert_eq!(sequence.held_bytes, MOST_HELD * change("x").bytes());
        sequence.advance();
        assert_eq!(std::iter::from_fn(|| sequence.take_next()).count(), MOST_HELD);
        assert!(sequence.is_behind());
        let mut heavy = Sequence::new(0);
        heavy.hold(2, change(&"x".repeat(MOST_HELD_BYTES - 10)));
        heavy.hold(3, change("x"));
        assert_eq!(heavy.held.len(), 1);
    }
}
