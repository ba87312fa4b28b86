//! Which topics the node wants.

use std::{collections::HashSet, mem};

use parking_lot::Mutex;

use crate::Topic;

/// The set of wanted topics, and which of them have to be looked at. Only the last wish for a topic counts, so however fast
/// wishes change, they take no more room than there are topics.
#[derive(Debug)]
pub(super) struct Wishes(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    wanted: HashSet<Topic>,
    changed: HashSet<Topic>,
    /// How often something was asked for.
    asked: u64,
}

/// What has changed since it was taken the last time.
#[derive(Debug)]
pub(super) struct Changes {
    /// The topics, and whether they are wanted.
    pub(super) topics: Vec<(Topic, bool)>,
    /// Everything that had been asked for by then is among them, or was before.
    pub(super) asked: u64,
}

/// Nodes always hear each other.
impl Default for Wishes {
    fn default() -> Self {
        let wanted = HashSet::from([Topic::Nodes]);
        Self(Mutex::new(Inner { wanted, changed: HashSet::new(), asked: 0 }))
    }
}

impl Wishes {
    pub(super) fn want(&self, topic: Topic) {
        let mut inner = self.0.lock();
        inner.wanted.insert(topic);
        inner.note(topic);
    }

    pub(super) fn want_no_longer(&self, topic: Topic) {
        if topic != Topic::Nodes {
            let mut inner = self.0.lock();
            inner.wanted.remove(&topic);
            inner.note(topic);
        }
    }

    pub(super) fn asked(&self) -> u64 {
        self.0.lock().asked
    }

    /// All that is wanted, as changes: for a link that knows nothing yet.
    pub(super) fn all(&self) -> Changes {
        let mut inner = self.0.lock();
        inner.changed.clear();
        Changes { topics: inner.wanted.iter().map(|topic| (*topic, true)).collect(), asked: inner.asked }
    }

    pub(super) fn changes(&self) -> Changes {
        let mut inner = self.0.lock();
        let changed = mem::take(&mut inner.changed);
        let topics = changed.into_iter().map(|topic| (topic, inner.wanted.contains(&topic)));
        Changes { topics: topics.collect(), asked: inner.asked }
    }

    /// Runs `then` unless something has changed that was not taken; nothing can be asked for meanwhile.
    pub(super) fn if_unchanged(&self, then: impl FnOnce()) -> bool {
        let inner = self.0.lock();
        let is_unchanged = inner.changed.is_empty();
        if is_unchanged {
            then();
        }
        is_unchanged
    }
}

impl Inner {
    fn note(&mut self, topic: Topic) {
        self.changed.insert(topic);
        self.asked += 1;
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::RoomId;
    use uuid::Uuid;

    use super::*;

    const ROOM: Topic = Topic::Room(RoomId(Uuid::from_u128(1)));

    #[test]
    fn the_last_wish_counts() {
        let wishes = Wishes::default();
        wishes.want(ROOM);
        wishes.want_no_longer(ROOM);
        wishes.want(ROOM);
        let changes = wishes.changes();
        assert_eq!((changes.topics, changes.asked), (vec![(ROOM, true)], 3));
        assert!(wishes.changes().topics.is_empty());
        wishes.want_no_longer(ROOM);
        assert!(!wishes.if_unchanged(|| panic!("something has changed")));
        assert_eq!(wishes.changes().topics, [(ROOM, false)]);
        assert!(wishes.if_unchanged(|| ()));
    }

    #[test]
    fn a_new_link_gets_all_that_is_wanted() {
        let wishes = Wishes::default();
        wishes.want(ROOM);
        wishes.want_no_longer(Topic::Nodes);
        assert_eq!(wishes.all().topics.len(), 2, "nodes always hear each other");
        assert!(wishes.changes().topics.is_empty());
    }
}
