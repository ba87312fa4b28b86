//! The state of one room by the rule of docs/realtime.md. Pure: no I/O, no clock, no randomness.
//!
//! Three rules hold after every call, whatever came and in whatever order:
//!
//! 1. `revision` never goes back.
//! 2. Every message whose last change is at or below `revision` is shown exactly as it stands (as far back as `floor`).
//! 3. Messages are shown once each, in order of `seq`.
//!
//! Applying the same thing twice, late or out of order is harmless.

mod messages;
mod pages;

use std::{collections::BTreeMap, sync::Arc};

use charla_protocol::messages::Message;

use messages::Messages;

/// Events further ahead than the next one that are kept until the gap before them closes.
///
/// Past that they are dropped; `changes` brings them anyhow.
const MAX_BUFFERED: usize = 1_000;

/// What applying something did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The shown state moved on, and nothing is known to be missing.
    Applied,
    /// Old news: nothing changed.
    Ignored,
    /// Something is missing: ask `changes`, then hand the page to [`RoomTimeline::apply_changes`].
    Gap(Gap),
}

/// What to ask the server for. Only [`RoomTimeline::gap`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The revision to ask `changes` from.
    pub since: i64,
    /// How many revisions are known to be missing; 0 where only the doubt is known (first load, `resync`).
    pub behind: i64,
    /// Which doubt an answer to this settles.
    doubt: u64,
}

/// What one page of `changes` with more to come leaves open: a message made before `paged` and changed after it comes
/// with a later page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    /// Up to which `seq` every visible message is held.
    complete: i64,
    /// The revision of the last page that was not the last of its catch-up.
    paged: i64,
}

/// One room's messages and the revision they show.
#[derive(Clone, Debug)]
pub struct RoomTimeline {
    revision: i64,
    /// Set between two pages of one catch-up.
    hole: Option<Hole>,
    /// The highest revision heard of.
    known: i64,
    /// Grows with every reason to ask although no number says so.
    doubt: u64,
    /// The last doubt that a complete answer settled.
    settled: u64,
    messages: Messages,
    /// Events ahead of the next one, by revision.
    buffer: BTreeMap<i64, Arc<Message>>,
}

impl Default for RoomTimeline {
    fn default() -> Self {
        Self::new()
    }
}

impl RoomTimeline {
    /// A room of which nothing is known yet: revision 0, with a gap.
    pub fn new() -> Self {
        Self {
            revision: 0,
            hole: None,
            known: 0,
            doubt: 1,
            settled: 0,
            messages: Messages::default(),
            buffer: BTreeMap::new(),
        }
    }

    /// The last revision applied.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Whether anything has been loaded.
    pub fn is_loaded(&self) -> bool {
        self.settled > 0
    }

    /// Whether there are older messages to load.
    pub fn has_older(&self) -> bool {
        self.messages.has_older()
    }

    /// The messages shown, in order of `seq`.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.messages.shown()
    }

    /// What is missing, if anything is known to be.
    pub fn gap(&self) -> Option<Gap> {
        let missing = self.known > self.revision || self.settled < self.doubt || self.hole.is_some();
        missing.then_some(Gap { since: self.revision, behind: self.known - self.revision, doubt: self.doubt })
    }

    /// Takes the message of a `message`, `message_edited`, `message_deleted` or `reaction` event.
    pub fn apply(&mut self, message: Message) -> Outcome {
        if message.revision <= self.revision {
            return Outcome::Ignored;
        }
        self.known = self.known.max(message.revision);
        if message.revision > self.revision + 1 {
            self.keep_for_later(message);
            return self.outcome(false);
        }
        self.step(Arc::new(message));
        self.drain_buffer();
        self.outcome(true)
    }

    /// Takes the room's revision from a `hello` or from the room itself.
    pub fn hello(&mut self, revision: i64) -> Option<Gap> {
        self.known = self.known.max(revision);
        self.gap()
    }

    /// The server dropped events: only an answer to a question asked from now on settles that.
    pub fn resync(&mut self) -> Gap {
        self.doubt += 1;
        Gap { since: self.revision, behind: self.known - self.revision, doubt: self.doubt }
    }

    /// Up to which `seq` every visible message is held.
    fn complete(&self) -> i64 {
        self.hole.map_or(self.revision, |hole| hole.complete)
    }

    fn keep_for_later(&mut self, message: Message) {
        if self.buffer.len() < MAX_BUFFERED {
            self.buffer.insert(message.revision, Arc::new(message));
        }
    }

    /// Applies the change with the next number.
    fn step(&mut self, message: Arc<Message>) {
        self.messages.put(message, self.complete());
        self.revision += 1;
    }

    /// Applies what was kept and now follows; forgets what a page has overtaken.
    fn drain_buffer(&mut self) {
        while let Some(entry) = self.buffer.first_entry() {
            if *entry.key() > self.revision + 1 {
                break;
            }
            let message = entry.remove();
            if message.revision > self.revision {
                self.step(message);
            }
        }
    }

    fn outcome(&self, moved: bool) -> Outcome {
        match self.gap() {
            Some(gap) => Outcome::Gap(gap),
            None if moved => Outcome::Applied,
            None => Outcome::Ignored,
        }
    }
}
