//! What comes over REST: pages of `changes` and of the timeline.

use std::sync::Arc;

use charla_protocol::{
    MessageId,
    messages::{Changes, Timeline},
};

use super::{Gap, Hole, Outcome, RoomTimeline};

impl RoomTimeline {
    /// Takes one page of `changes`, the answer to `asked`. While the outcome is a gap, ask on from there.
    pub fn apply_changes(&mut self, asked: Gap, page: &Changes) -> Outcome {
        if asked.since > self.revision {
            // Asked by another timeline of this room, since forgotten: what lies between is unknown here.
            return self.outcome(false);
        }
        let before = self.state();
        let complete = self.complete();
        let is_late = page.revision < self.revision;
        for message in &page.results {
            // What is derived (quotes, counts) changes without a revision: a late page must not bring back the old.
            if is_late && self.messages.has_shown(message) {
                continue;
            }
            self.messages.put(Arc::new(message.clone()), complete);
        }
        if page.next.is_some() {
            self.open_hole(complete, page.revision);
        } else {
            self.close_hole(asked, page.revision);
        }
        self.reach(page.revision);
        self.outcome(self.state() != before)
    }

    /// Takes the room's newest page, the answer to `asked`, and forgets what lies before it.
    ///
    /// For the first load, and for a client so far behind that paging through all changes does not pay.
    pub fn load_newest(&mut self, asked: Gap, page: &Timeline) -> Outcome {
        let before = self.state();
        self.settled = self.settled.max(asked.doubt);
        if page.revision >= self.revision {
            self.messages.replace(&page.results, page.next.is_none(), page.revision);
            self.hole = None;
            self.reach(page.revision);
        }
        self.outcome(self.state() != before)
    }

    /// Takes the page before the message `before`. False where it does not fit (any more): then nothing changed.
    pub fn load_older(&mut self, before: MessageId, page: &Timeline) -> bool {
        self.messages.prepend(before, &page.results, page.next.is_none(), page.revision)
    }

    fn open_hole(&mut self, complete: i64, paged: i64) {
        // A late page that brings the revision no further leaves nothing open.
        if paged > self.revision {
            self.hole = Some(Hole { complete, paged });
        }
    }

    fn close_hole(&mut self, asked: Gap, revision: i64) {
        self.settled = self.settled.max(asked.doubt);
        if self.hole.is_some_and(|hole| hole.paged <= revision) {
            self.hole = None;
        }
    }

    fn reach(&mut self, revision: i64) {
        self.revision = self.revision.max(revision);
        self.known = self.known.max(revision);
        self.drain_buffer();
    }

    fn state(&self) -> (i64, u64, Option<Hole>) {
        (self.revision, self.settled, self.hole)
    }
}
