//! What waits to be published.

use std::{collections::VecDeque, mem};

use parking_lot::Mutex;

use crate::Topic;

/// Publications that wait at most: half a second of more than any node can commit.
const MAX_COUNT: usize = 16_384;
/// Bytes that wait at most.
const MAX_BYTES: usize = 32 << 20;
/// Publications that go out together, and the bytes past which no more join them: few enough to be answered in time.
const BATCH_COUNT: usize = 1024;
const BATCH_BYTES: usize = 1 << 20;

/// A bounded queue, open while the link is live. It keeps in mind whether it had to let anything go.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    is_open: bool,
    waiting: VecDeque<Publication>,
    bytes: usize,
    /// How many have been taken in, ever.
    published: u64,
    /// Whether what was taken out last has not been confirmed, and others would have to be told of its loss.
    is_under_way: bool,
    /// Whether something was lost that nobody has been told of, and that does not come again by itself.
    has_lost: bool,
    /// How many others would have to be told of, ever.
    lost: u64,
}

/// What is to be published.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) topic: Topic,
    pub(super) message: Vec<u8>,
    /// It may be lost without a word.
    pub(super) is_fleeting: bool,
}

/// What goes out together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) publications: Vec<Publication>,
    /// How many will have been handed over with it, of all that were ever taken in.
    pub(super) published: u64,
    /// More waits behind it.
    pub(super) has_more: bool,
    /// Something was lost, and everything that was not stands in this batch or before: the others are to be told.
    pub(super) has_lost: bool,
}

impl Inner {
    fn lose(&mut self, publications: usize) {
        self.has_lost |= publications > 0;
        self.lost += publications as u64;
    }
}

impl Queue {
    /// Whether there is any use in publishing. Where there is not, what was about to be published is lost.
    pub(super) fn is_open(&self, is_fleeting: bool) -> bool {
        let mut inner = self.0.lock();
        if !inner.is_open && !is_fleeting {
            inner.lose(1);
        }
        inner.is_open
    }

    /// Takes it in where the link is live and there is room.
    pub(super) fn push(&self, publication: Publication) {
        let mut inner = self.0.lock();
        let size = publication.message.len();
        let fits = inner.waiting.len() < MAX_COUNT && inner.bytes + size <= MAX_BYTES;
        if inner.is_open && fits {
            inner.bytes += size;
            inner.published += 1;
            inner.waiting.push_back(publication);
        } else if !publication.is_fleeting {
            inner.lose(1);
        }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.0.lock().waiting.len()
    }

    /// How many were lost before they went out, ever.
    pub(super) fn lost(&self) -> u64 {
        self.0.lock().lost
    }

    pub(super) fn published(&self) -> u64 {
        self.0.lock().published
    }

    pub(super) fn open(&self) {
        self.0.lock().is_open = true;
    }

    /// The link has broken: what waits is lost, and what is under way may be.
    pub(super) fn close(&self) {
        let mut inner = self.0.lock();
        inner.has_lost |= inner.is_under_way;
        let waiting = inner.waiting.iter().filter(|waiting| !waiting.is_fleeting).count();
        inner.lose(waiting);
        inner.is_open = false;
        inner.is_under_way = false;
        inner.waiting = VecDeque::new();
        inner.bytes = 0;
    }

    /// Takes out what goes next; [`Queue::confirm`] says that it has arrived.
    pub(super) fn take(&self) -> Batch {
        let mut inner = self.0.lock();
        let mut batch = Batch::default();
        let mut bytes = 0;
        while bytes < BATCH_BYTES && batch.publications.len() < BATCH_COUNT {
            let Some(publication) = inner.waiting.pop_front() else { break };
            bytes += publication.message.len();
            batch.publications.push(publication);
        }
        inner.bytes -= bytes;
        batch.has_more = !inner.waiting.is_empty();
        batch.has_lost = !batch.has_more && mem::take(&mut inner.has_lost);
        batch.published = inner.published - inner.waiting.len() as u64;
        inner.is_under_way = batch.has_lost || batch.publications.iter().any(|taken| !taken.is_fleeting);
        batch
    }

    pub(super) fn confirm(&self) {
        self.0.lock().is_under_way = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Queue {
        let queue = Queue::default();
        queue.open();
        queue
    }

    fn of_bytes(size: usize, is_fleeting: bool) -> Publication {
        Publication { topic: Topic::Nodes, message: vec![0; size], is_fleeting }
    }

    #[test]
    fn what_is_told_again_by_itself_is_no_loss() {
        let queue = Queue::default();
        assert!(!queue.is_open(true));
        queue.open();
        assert!(!queue.take().has_lost);
        queue.push(of_bytes(1, true));
        queue.take();
        queue.push(of_bytes(1, true));
        queue.close();
        queue.push(of_bytes(1, true));
        queue.open();
        queue.push(of_bytes(MAX_BYTES + 1, true));
        assert!(!queue.take().has_lost);
        queue.push(of_bytes(1, true));
        queue.push(of_bytes(1, false));
        queue.close();
        queue.open();
        assert!(queue.take().has_lost, "with what is not");
    }

    #[test]
    fn what_was_lost_while_away_is_told_once() {
        let queue = Queue::default();
        assert!(!queue.is_open(false));
        queue.open();
        assert!(queue.take().has_lost);
        queue.confirm();
        assert!(!queue.take().has_lost);
    }

    #[test]
    fn what_is_under_way_at_a_break_counts_as_lost() {
        let queue = open();
        queue.push(of_bytes(1, false));
        let batch = queue.take();
        assert_eq!((batch.publications.len(), batch.published, batch.has_lost), (1, 1, false));
        queue.close();
        queue.open();
        let batch = queue.take();
        assert!(batch.publications.is_empty() && batch.has_lost);
        queue.close();
        queue.open();
        assert!(queue.take().has_lost, "nor was the word of it confirmed");
        queue.confirm();
        queue.close();
        queue.open();
        assert!(!queue.take().has_lost);
    }

    #[test]
    fn it_is_bounded_by_count_and_bytes() {
        for (size, fits) in [(1, MAX_COUNT), (MAX_BYTES / 4, 4)] {
            let queue = open();
            for _ in 0..fits + 10 {
                queue.push(of_bytes(size, false));
            }
            assert_eq!(queue.published(), fits as u64);
            let mut taken = 0;
            loop {
                let batch = queue.take();
                taken += batch.publications.len();
                assert_eq!(batch.has_lost, !batch.has_more, "told behind all that was not lost");
                if !batch.has_more {
                    break;
                }
            }
            assert_eq!(taken, fits);
        }
    }
}
