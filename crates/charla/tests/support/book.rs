//! What the server has promised: every message and change that it acknowledged.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use charla_protocol::{MessageId, RoomId};
use parking_lot::Mutex;
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(30);

/// One acknowledged message.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) room: RoomId,
    pub(crate) client_id: String,
    pub(crate) id: MessageId,
    /// The revision that the answer gave.
    pub(crate) seq: i64,
    /// Each writer numbers what it says in one room.
    pub(crate) writer: usize,
    pub(crate) number: usize,
    /// What it says now.
    pub(crate) content: String,
    pub(crate) change: Change,
}

/// The one change, at most, that was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    Edited,
    Deleted,
}

/// Shared by all writers.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    entries: Arc<Mutex<Vec<Entry>>>,
    highest: Arc<Mutex<HashMap<RoomId, i64>>>,
    close_codes: Arc<Mutex<Vec<Option<u16>>>>,
    count: watch::Sender<usize>,
    is_over: Arc<AtomicBool>,
}

impl Book {
    pub(crate) fn new() -> Self {
        Self {
            entries: Arc::default(),
            highest: Arc::default(),
            close_codes: Arc::default(),
            count: watch::Sender::new(0),
            is_over: Arc::default(),
        }
    }

    /// The highest revision acknowledged in a room so far: what is sent from now on comes after it.
    pub(crate) fn floor(&self, room: RoomId) -> i64 {
        self.highest.lock().get(&room).copied().unwrap_or_default()
    }

    /// Notes an answer. `floor`: as it was before the message was first sent.
    pub(crate) fn acked(&self, floor: i64, entry: Entry) {
        assert!(entry.seq > floor, "{entry:?} was sent after {floor} was acknowledged");
        let mut highest = self.highest.lock();
        let highest = highest.entry(entry.room).or_default();
        *highest = entry.seq.max(*highest);
        self.entries.lock().push(entry);
        self.count.send_modify(|count| *count += 1);
    }

    /// Notes an answer to a change. `content`: what the message says now; none where it was deleted.
    pub(crate) fn changed(&self, id: MessageId, content: Option<String>) {
        let mut entries = self.entries.lock();
        let entry = entries.iter_mut().find(|entry| entry.id == id).expect("only what is known is changed");
        entry.change = if content.is_some() { Change::Edited } else { Change::Deleted };
        entry.content = content.unwrap_or_default();
    }

    /// Everything so far.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().clone()
    }

    /// Waits until so many more messages have been acknowledged.
    pub(crate) async fn wait_for_more(&self, more: usize) {
        let mut count = self.count.subscribe();
        let wanted = *count.borrow() + more;
        let reached = count.wait_for(|count| *count >= wanted);
        tokio::time::timeout(PATIENCE, reached).await.expect("answers come").expect("the book is there");
    }

    /// From now on nothing new is sent; what has no answer yet is repeated until it has.
    pub(crate) fn close(&self) {
        self.is_over.store(true, SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(SeqCst)
    }

    /// Notes with which code the server ended a socket.
    pub(crate) fn socket_closed(&self, code: Option<u16>) {
        self.close_codes.lock().push(code);
    }

    pub(crate) fn close_codes(&self) -> Vec<Option<u16>> {
        self.close_codes.lock().clone()
    }
}
