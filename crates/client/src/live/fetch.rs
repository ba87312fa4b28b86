//! Catching up: which rooms need a page, and what becomes of it. One page a room is on its way at a time.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use charla_protocol::{
    RoomId,
    messages::{Changes, Message, Timeline},
};
use tokio::task::JoinSet;

use super::LiveOptions;
use crate::{Client, Gap, Outcome, Place, Result, RoomTimeline};

/// A page, and what it answers.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) room: RoomId,
    pub(super) asked: Gap,
    pub(super) page: Result<Page>,
}

#[derive(Debug)]
pub(super) enum Page {
    Changes(Changes),
    Newest(Timeline),
}

impl Page {
    pub(super) fn messages(&self) -> &[Message] {
        match self {
            Self::Changes(page) => &page.results,
            Self::Newest(page) => &page.results,
        }
    }

    pub(super) fn apply(&self, asked: Gap, timeline: &mut RoomTimeline) -> Outcome {
        match self {
            Self::Changes(page) => timeline.apply_changes(asked, page),
            Self::Newest(page) => timeline.load_newest(asked, page),
        }
    }
}

/// The pages wanted and on their way.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    wanted: HashSet<RoomId>,
    under_way: HashSet<RoomId>,
    failures: HashMap<RoomId, u32>,
    jobs: JoinSet<Fetched>,
}

impl Fetches {
    /// Asks for what this room lacks, as soon as there is room for it.
    pub(super) fn want(&mut self, room: RoomId) {
        self.wanted.insert(room);
    }

    /// Forgets the failures of a room that has moved on.
    pub(super) fn succeeded(&mut self, room: RoomId) {
        self.failures.remove(&room);
    }

    /// Asks again after a failure; returns how many there were in a row.
    pub(super) fn failed(&mut self, room: RoomId) {
        *self.failures.entry(room).or_default() += 1;
        self.wanted.insert(room);
    }

    /// The rooms whose turn it is, and how many failures in a row each had.
    pub(super) fn take_ready(&mut self, max: usize) -> Vec<(RoomId, u32)> {
        let free = max.saturating_sub(self.under_way.len());
        let ready: Vec<RoomId> = self.wanted.difference(&self.under_way).copied().take(free).collect();
        for room in &ready {
            self.wanted.remove(room);
        }
        ready.into_iter().map(|room| (room, self.failures.get(&room).copied().unwrap_or_default())).collect()
    }

    /// Sends the question, after `delay`.
    pub(super) fn start(
        &mut self,
        client: Client,
        room: RoomId,
        asked: Gap,
        newest: bool,
        options: &LiveOptions,
        delay: Duration,
    ) {
        self.under_way.insert(room);
        let page = Some(options.page);
        self.jobs.spawn(async move {
            tokio::time::sleep(delay).await;
            let page = if newest {
                client.room_messages(room, Place::Newest, page).await.map(Page::Newest)
            } else {
                client.room_changes(room, asked.since, page).await.map(Page::Changes)
            };
            Fetched { room, asked, page }
        });
    }

    /// The next answer; waits for ever where none is on its way. Safe to drop while it waits.
    pub(super) async fn next(&mut self) -> Fetched {
        loop {
            match self.jobs.join_next().await {
                Some(Ok(fetched)) => {
                    self.under_way.remove(&fetched.room);
                    return fetched;
                }
                // A job neither panics nor is aborted.
                Some(Err(error)) => tracing::error!(%error, "a fetch was lost"),
                None => std::future::pending().await,
            }
        }
    }
}
