//! Commit lanes: concurrent writes share a transaction.
//!
//! A lane takes what is waiting, writes it in few multi-row statements, commits once, then answers all. Under load the
//! batches grow and throughput rises; idle, nothing waits. A room always has the same lane, so on one node what a room
//! tells is told in the order of its revisions. Between nodes the lock on the room's row does the same for the numbers.
//!
//! A batch is loaded (`load`), decided in memory (`apply`, pure) and stored (`store`) in one transaction.

mod apply;
mod command;
mod conclude;
mod contacts;
mod exclusive;
mod load;
mod run;
mod slow_mode;
mod store;
mod working;

use std::{
    hash::{BuildHasher, Hash},
    sync::Arc,
};

use charla_protocol::{RoomId, users::DirectMessages};
use futures_util::future::{BoxFuture, join_all};
use sea_orm::DatabaseTransaction;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

pub use command::{Command, Delete, Edit, MarkRead, Mentions, Outcome, React, Send, UpTo, Via};

use crate::{Db, Error, Meter, Notice, Pair, Result, clock::Clock, dialect};
use exclusive::{Exclusive, ExclusiveJob};

/// Writes that may wait for a lane before its callers have to.
const WAITING: usize = 4096;
/// Batches of notices that may wait to be told before the lane does.
const UNTOLD: usize = 1024;

/// The lanes of a node.
#[derive(Clone, Debug)]
pub struct Lanes {
    senders: Arc<[mpsc::Sender<Job>]>,
    pub(crate) meter: Arc<Meter>,
    hasher: std::hash::BuildHasherDefault<std::hash::DefaultHasher>,
}

/// What waits in a lane.
enum Job {
    Command { command: Command, since: Instant, reply: oneshot::Sender<Result<Outcome>> },
    Exclusive { room: Option<RoomId>, job: Box<dyn Exclusive> },
    Stop(oneshot::Sender<()>),
}

/// A command in line.
#[derive(Debug)]
pub struct Submitted(oneshot::Receiver<Result<Outcome>>);

impl Submitted {
    /// Waits until the command is committed.
    ///
    /// # Errors
    /// Why it was refused; or `Unavailable`/`Busy`: then it may be repeated with the same `client_id`.
    pub async fn committed(self) -> Result<Outcome> {
        self.0.await.map_err(|_| Error::ShuttingDown)?
    }
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Command { command, .. } => command.fmt(f),
            Self::Exclusive { .. } => f.write_str("Exclusive"),
            Self::Stop(_) => f.write_str("Stop"),
        }
    }
}

impl Lanes {
    /// Starts the lanes. Each returned receiver gives one lane's notices, after their commit and in its order.
    /// `direct_messages` is from whom the server lets people take direct messages at most.
    pub fn start(
        db: &Db,
        clock: &Arc<dyn Clock>,
        direct_messages: DirectMessages,
    ) -> (Self, Vec<mpsc::Receiver<Vec<Notice>>>) {
        let mut senders = Vec::new();
        let mut receivers = Vec::new();
        for _ in 0..dialect::lane_count(db.backend()) {
            let (sender, jobs) = mpsc::channel(WAITING);
            let (notices, receiver) = mpsc::channel(UNTOLD);
            let lane = run::Lane { db: db.clone(), clock: clock.clone(), direct_messages, notices };
            tokio::spawn(lane.run(jobs));
            senders.push(sender);
            receivers.push(receiver);
        }
        let (senders, meter) = (senders.into(), db.meter.clone());
        (Self { senders, meter, hasher: std::hash::BuildHasherDefault::default() }, receivers)
    }

    /// Puts a command in line, in the order of the calls. It runs with whatever else waits; going away does not take
    /// it back.
    ///
    /// # Errors
    /// `ShuttingDown` where the lane takes nothing more.
    pub async fn submit(&self, command: Command) -> Result<Submitted> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(command.room(), Job::Command { command, since: Instant::now(), reply }).await?;
        Ok(Submitted(answer))
    }

    /// Runs `write` in a transaction of its own, in the room's lane: between two batches, never beside one.
    /// It is run again where the database asks for it, so it must do nothing but read and write `tx`.
    ///
    /// # Errors
    /// Those of `write`, and those of the database.
    pub async fn exclusive<T, F>(&self, room: RoomId, write: F) -> Result<T>
    where
        T: std::marker::Send + 'static,
        F: for<'c> Fn(&'c DatabaseTransaction) -> BoxFuture<'c, Result<(T, Vec<Notice>)>>
            + std::marker::Send
            + 'static,
    {
        self.alone(room, Some(room), write).await
    }

    /// The same for what two people have with each other: a pair always has the same lane too.
    ///
    /// # Errors
    /// Those of `write`, and those of the database.
    pub async fn exclusive_of<T, F>(&self, pair: Pair, write: F) -> Result<T>
    where
        T: std::marker::Send + 'static,
        F: for<'c> Fn(&'c DatabaseTransaction) -> BoxFuture<'c, Result<(T, Vec<Notice>)>>
            + std::marker::Send
            + 'static,
    {
        self.alone(pair, None, write).await
    }

    async fn alone<T, F>(&self, place: impl Hash, room: Option<RoomId>, write: F) -> Result<T>
    where
        T: std::marker::Send + 'static,
        F: for<'c> Fn(&'c DatabaseTransaction) -> BoxFuture<'c, Result<(T, Vec<Notice>)>>
            + std::marker::Send
            + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(ExclusiveJob::new(write, reply));
        self.enqueue(place, Job::Exclusive { room, job }).await?;
        answer.await.map_err(|_| Error::ShuttingDown)?
    }

    /// How much waits in each lane.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = usize> {
        self.senders.iter().map(|sender| sender.max_capacity() - sender.capacity())
    }

    /// Finishes what waits, and takes nothing more.
    pub async fn drain(&self) {
        let drained = self.senders.iter().map(async |sender| {
            let (done, drained) = oneshot::channel();
            if sender.send(Job::Stop(done)).await.is_ok() {
                // An error means that the lane has ended already.
                drained.await.ok();
            }
        });
        join_all(drained).await;
    }

    async fn enqueue(&self, place: impl Hash, job: Job) -> Result<()> {
        #[expect(clippy::cast_possible_truncation, reason = "only the remainder counts")]
        let lane = self.hasher.hash_one(place) as usize % self.senders.len();
        self.senders[lane].send(job).await.map_err(|_| Error::ShuttingDown)
    }
}
