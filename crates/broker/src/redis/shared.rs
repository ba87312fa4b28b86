//! What the broker's callers and its task share.

use tokio::sync::{Notify, watch};

use super::{foreign::Foreign, meter::Meter, queue::Queue, wishes::Wishes};
use crate::Link;

/// The wishes and publications of the node, and how far the task has come with them.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) wishes: Wishes,
    pub(super) queue: Queue,
    pub(super) foreign: Foreign,
    pub(super) meter: Meter,
    /// Wakes the task.
    pub(super) wake: Notify,
    progress: watch::Sender<Progress>,
}

/// How far the task has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    link: Link,
    /// So many wishes are in force.
    pub(super) settled: u64,
    /// So many publications have been handed over.
    pub(super) flushed: u64,
}

impl Default for Shared {
    fn default() -> Self {
        let progress = Progress { link: Link::Away, settled: 0, flushed: 0 };
        Self {
            wishes: Wishes::default(),
            queue: Queue::default(),
            foreign: Foreign::default(),
            meter: Meter::default(),
            wake: Notify::new(),
            progress: watch::Sender::new(progress),
        }
    }
}

impl Shared {
    pub(super) fn link(&self) -> Link {
        self.progress.borrow().link
    }

    /// Resolves once the task has come so far, or the link is away.
    pub(super) async fn until(&self, is_reached: impl Fn(&Progress) -> bool + Send) {
        let mut progress = self.progress.subscribe();
        // The other end lives as long as this does.
        let _ = progress.wait_for(|progress| progress.link == Link::Away || is_reached(progress)).await;
    }

    /// Everything that has been asked for is in force: unless something was asked for meanwhile, the link is live from now on.
    pub(super) fn go_live(&self, settled: u64) -> bool {
        self.wishes.if_unchanged(|| {
            self.queue.open();
            self.progress.send_modify(|progress| {
                progress.link = Link::Live;
                progress.settled = settled;
            });
        })
    }

    pub(super) fn go_away(&self) {
        self.queue.close();
        self.progress.send_modify(|progress| progress.link = Link::Away);
    }

    pub(super) fn advance(&self, settled: u64, flushed: u64) {
        self.progress.send_if_modified(|progress| {
            let has_moved = (progress.settled, progress.flushed) != (settled, flushed);
            (progress.settled, progress.flushed) = (settled, flushed);
            has_moved
        });
    }
}
