//! The messages of a timeline: those shown, and those that are known but lie before the oldest shown.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use charla_protocol::{MessageId, messages::Message};

#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    /// By `seq`: without a hole from `floor` on.
    shown: BTreeMap<i64, Arc<Message>>,
    /// Changed messages before `floor`, by `seq`. Showing them would leave a hole; a page of older messages that was
    /// asked for before they changed must not bring back what they were.
    aside: BTreeMap<i64, Arc<Message>>,
    seqs: HashMap<MessageId, i64>,
    /// The `seq` from which on the timeline is shown; 0 where it reaches the beginning.
    floor: i64,
    /// The revision from which on `aside` has every change.
    base: i64,
}

impl Messages {
    pub(super) fn shown(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.shown.values()
    }

    pub(super) fn has_older(&self) -> bool {
        self.floor > 0
    }

    /// Whether this state of the message, or a later one, is shown.
    pub(super) fn has_shown(&self, message: &Message) -> bool {
        self.shown.get(&message.seq).is_some_and(|held| held.revision >= message.revision)
    }

    /// Takes a changed message. `complete`: up to which `seq` every visible message is held.
    pub(super) fn put(&mut self, message: Arc<Message>, complete: i64) {
        if message.seq < self.floor {
            self.keep_aside(message);
        } else if message.seq > complete || self.shown.contains_key(&message.seq) {
            self.show(message);
        }
        // Else it was made before this person may look back (joined later, or cleared the history): events are the
        // same for every member, so the change of a message that is not theirs to see comes too.
    }

    /// Shows only this newest page, as of `revision`. `all`: nothing lies before it.
    pub(super) fn replace(&mut self, page: &[Message], all: bool, revision: i64) {
        let held = std::mem::take(self);
        self.base = revision;
        self.floor = match page.first() {
            _ if all => 0,
            Some(first) => first.seq,
            None => revision + 1,
        };
        for message in page {
            // A page of older messages may have shown a later state already.
            let later = held.shown.get(&message.seq).filter(|held| held.revision > message.revision);
            self.show(later.cloned().unwrap_or_else(|| Arc::new(message.clone())));
        }
    }

    /// Puts a page of older messages, as of `revision`, before `before`. Says whether it fitted there.
    pub(super) fn prepend(&mut self, before: MessageId, page: &[Message], all: bool, revision: i64) -> bool {
        let fits = self.shown.values().next().is_some_and(|first| first.id == before);
        if !fits || revision < self.base || !self.has_older() {
            return false;
        }
        self.floor = match page.first() {
            _ if all => 0,
            Some(first) => first.seq,
            None => self.floor,
        };
        for message in page {
            let later = self.aside.remove(&message.seq).filter(|held| held.revision > message.revision);
            self.show(later.unwrap_or_else(|| Arc::new(message.clone())));
        }
        self.aside.retain(|seq, _| *seq < self.floor);
        true
    }

    fn keep_aside(&mut self, message: Arc<Message>) {
        if self.aside.get(&message.seq).is_some_and(|held| held.revision > message.revision) {
            return;
        }
        if message.is_deleted {
            self.blank_quotes(message.id);
        }
        self.seqs.insert(message.id, message.seq);
        self.aside.insert(message.seq, message);
    }

    /// Inserts a message, or replaces it by a state that is not older.
    fn show(&mut self, mut message: Arc<Message>) {
        if self.shown.get(&message.seq).is_some_and(|held| held.revision > message.revision) {
            return;
        }
        self.blank_quote_of_deleted(&mut message);
        if message.is_deleted {
            self.blank_quotes(message.id);
        }
        self.seqs.insert(message.id, message.seq);
        self.shown.insert(message.seq, message);
    }

    /// The text of a deleted message goes from the quotes of it too, which takes no revision.
    fn blank_quotes(&mut self, id: MessageId) {
        for message in self.shown.values_mut() {
            if quotes(message, id) {
                blank(message);
            }
        }
    }

    fn blank_quote_of_deleted(&self, message: &mut Arc<Message>) {
        let seq = message.reply_to.as_ref().and_then(|quote| self.seqs.get(&quote.id));
        let quoted = seq.and_then(|seq| self.shown.get(seq).or_else(|| self.aside.get(seq)));
        if quoted.is_some_and(|quoted| quoted.is_deleted) {
            blank(message);
        }
    }
}

fn quotes(message: &Message, id: MessageId) -> bool {
    message.reply_to.as_ref().is_some_and(|quote| quote.id == id && !quote.is_deleted)
}

fn blank(message: &mut Arc<Message>) {
    if let Some(quote) = &mut Arc::make_mut(message).reply_to {
        quote.content.clear();
        quote.is_deleted = true;
    }
}
