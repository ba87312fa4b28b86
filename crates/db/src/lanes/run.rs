//! A lane at work: takes what waits, commits it, tells, answers.

use std::{collections::BTreeSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use charla_protocol::{RoomId, users::DirectMessages};
use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{
    Job,
    apply::apply,
    command::{Command, Outcome},
    conclude::conclude,
    exclusive::Exclusive,
    load::load,
    store::store,
};
use crate::{
    Db, Error, Notice, Result,
    clock::Clock,
    meter::{LaneMeter, Transactions},
    patience::{PATIENCE, in_time},
};

/// Commands that share a transaction at most.
const BATCH: usize = 256;
/// How often a transaction is run that the database turned away before its commit.
const ATTEMPTS: u32 = 4;
/// What an exclusive write counts for: who has found a duplicate there finds it again.
const SEVERAL: usize = 2;
const PAUSE: Duration = Duration::from_millis(20);

type Reply = oneshot::Sender<Result<Outcome>>;

pub(super) struct Lane {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) direct_messages: DirectMessages,
    pub(super) notices: mpsc::Sender<Vec<Notice>>,
}

/// Why a transaction came to nothing.
enum Failure {
    /// It was rolled back: running it again is safe.
    BeforeCommit(Error),
    /// Whether it was committed is unknown: only its callers may decide to repeat it.
    AtCommit(Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::BeforeCommit(error.into())
    }
}

impl Lane {
    pub(super) async fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        let mut drained = Vec::new();
        while jobs.recv_many(&mut waiting, BATCH).await > 0 {
            self.note_waits(&waiting);
            let mut batch = Vec::with_capacity(waiting.len());
            for job in waiting.drain(..) {
                match job {
                    Job::Command { command, reply, .. } => batch.push((command, reply)),
                    Job::Exclusive { room, job } => {
                        self.guarded(self.commit_batch(std::mem::take(&mut batch))).await;
                        self.guarded(self.commit_exclusive(room, job)).await;
                    }
                    Job::Stop(done) => {
                        jobs.close();
                        drained.push(done);
                    }
                }
            }
            self.guarded(self.commit_batch(batch)).await;
        }
        for done in drained {
            // Who asked may have stopped waiting.
            done.send(()).ok();
        }
    }

    /// A defect in one batch must not end the lane: its callers get no answer, and repeat.
    async fn guarded(&self, work: impl Future<Output = ()>) {
        if AssertUnwindSafe(work).catch_unwind().await.is_err() {
            tracing::error!("a batch panicked");
        }
    }

    async fn commit_batch(&self, batch: Vec<(Command, Reply)>) {
        if batch.is_empty() {
            return;
        }
        let commands: Vec<&Command> = batch.iter().map(|(command, _)| command).collect();
        match self.attempt_often(&commands).await {
            Ok((results, notices)) => {
                self.meter().sizes.observe(batch.len() as u64);
                self.meter().note_ends(&results);
                self.tell(notices).await;
                for ((_, reply), result) in batch.into_iter().zip(results) {
                    answer(reply, result);
                }
            }
            // One command spoils the transaction of all: give each its own.
            Err(Failure::BeforeCommit(Error::Duplicate | Error::Database(_))) if batch.len() > 1 => {
                for single in batch {
                    Box::pin(self.commit_batch(vec![single])).await;
                }
            }
            Err(failure) => {
                let is_doubtful = matches!(failure, Failure::AtCommit(_));
                self.meter().note_failed(batch.len());
                self.meter().batches.note_failure(is_doubtful);
                let (Failure::BeforeCommit(error) | Failure::AtCommit(error)) = failure;
                tracing::error!(%error, source = ?error, commands = batch.len(), "a batch could not be committed");
                if is_doubtful {
                    self.doubt(batch.iter().map(|(command, _)| command.room())).await;
                }
                for (_, reply) in batch {
                    answer(reply, Err(same_kind(&error)));
                }
            }
        }
    }

    async fn attempt_often(
        &self,
        commands: &[&Command],
    ) -> Result<(Vec<Result<Outcome>>, Vec<Notice>), Failure> {
        let mut attempts = Attempts::new(commands.len());
        loop {
            let result = self.attempt(commands).await;
            if !attempts.go_on_after(&result).await {
                return result;
            }
            self.meter().retries.increment();
        }
    }

    async fn attempt(&self, commands: &[&Command]) -> Result<(Vec<Result<Outcome>>, Vec<Notice>), Failure> {
        let begin = Instant::now();
        let (tx, done) = in_time(Box::pin(async {
            let tx = self.db.begin().await?;
            let mut working = load(&tx, commands, self.direct_messages, self.clock.now()).await?;
            let mut applied = Vec::with_capacity(commands.len());
            for command in commands {
                applied.push(apply(&mut working, command, &*self.clock));
            }
            store(&tx, &working).await?;
            let done = conclude(&tx, &working, applied).await?;
            Ok((tx, done))
        }))
        .await?;
        self.commit(tx, begin, &self.meter().batches).await?;
        Ok(done)
    }

    async fn commit_exclusive(&self, room: Option<RoomId>, mut job: Box<dyn Exclusive>) {
        let mut attempts = Attempts::new(SEVERAL);
        let committed = loop {
            let result = self.attempt_exclusive(&mut *job).await;
            if !attempts.go_on_after(&result).await {
                break result;
            }
            self.meter().retries.increment();
        };
        match committed {
            Ok(notices) => {
                self.tell(notices).await;
                job.finish(Ok(()));
            }
            Err(Failure::BeforeCommit(error)) => {
                if !error.is_refusal() {
                    self.meter().exclusive.note_failure(false);
                }
                job.finish(Err(error));
            }
            Err(Failure::AtCommit(error)) => {
                self.meter().exclusive.note_failure(true);
                self.doubt(room).await;
                job.finish(Err(error));
            }
        }
    }

    async fn attempt_exclusive(&self, job: &mut dyn Exclusive) -> Result<Vec<Notice>, Failure> {
        let begin = Instant::now();
        let (tx, notices) = in_time(async {
            let tx = self.db.begin().await?;
            let notices = job.run(&tx).await?;
            Ok((tx, notices))
        })
        .await?;
        self.commit(tx, begin, &self.meter().exclusive).await?;
        Ok(notices)
    }

    /// Ends a transaction that began then.
    async fn commit(
        &self,
        tx: DatabaseTransaction,
        begin: Instant,
        meter: &Transactions,
    ) -> Result<(), Failure> {
        let asked = Instant::now();
        in_time(async { Ok(tx.commit().await?) }).await.map_err(Failure::AtCommit)?;
        self.meter().commits.observe_duration(asked.elapsed());
        meter.times.observe_duration(begin.elapsed());
        Ok(())
    }

    fn meter(&self) -> &LaneMeter {
        &self.db.meter.lanes
    }

    fn note_waits(&self, jobs: &[Job]) {
        let now = Instant::now();
        self.meter().waits.observe_durations(jobs.iter().filter_map(|job| match job {
            Job::Command { since, .. } => Some(now - *since),
            Job::Exclusive { .. } | Job::Stop(_) => None,
        }));
    }

    /// It may be that these rooms have changed.
    async fn doubt(&self, rooms: impl IntoIterator<Item = RoomId>) {
        let rooms: BTreeSet<RoomId> = rooms.into_iter().collect();
        self.tell(rooms.into_iter().map(Notice::Doubt).collect()).await;
    }

    async fn tell(&self, notices: Vec<Notice>) {
        if !notices.is_empty() {
            // Nobody listens any more only when the server goes down; clients then catch up from the database.
            self.notices.send(notices).await.ok();
        }
    }
}

/// The attempts at one transaction.
struct Attempts {
    commands: usize,
    made: u32,
    begin: Instant,
}

impl Attempts {
    fn new(commands: usize) -> Self {
        Self { commands, made: 0, begin: Instant::now() }
    }

    /// Whether there is to be another one after that; waits a little before it.
    async fn go_on_after<T>(&mut self, result: &Result<T, Failure>) -> bool {
        self.made += 1;
        let Err(Failure::BeforeCommit(error)) = result else { return false };
        let goes_on =
            self.made < ATTEMPTS && self.begin.elapsed() < PATIENCE && may_pass(error, self.commands);
        if goes_on {
            tokio::time::sleep(PAUSE * self.made).await;
        }
        goes_on
    }
}

/// Whether running the transaction again may help. A duplicate is found by the second look, if it is alone.
fn may_pass(error: &Error, commands: usize) -> bool {
    match error {
        Error::Busy(_) | Error::Unavailable(_) => true,
        Error::Duplicate => commands == 1,
        _ => false,
    }
}

fn answer(reply: Reply, result: Result<Outcome>) {
    // The caller may have gone away; the write stands all the same.
    reply.send(result).ok();
}

/// The same failure for another caller of the batch; the log has its cause.
fn same_kind(error: &Error) -> Error {
    match error {
        Error::Busy(cause) => Error::Busy(cause.clone()),
        Error::Unavailable(cause) => Error::Unavailable(cause.clone()),
        Error::Database(cause) => Error::Database(cause.clone()),
        Error::Duplicate => Error::Duplicate,
        _ => Error::ShuttingDown,
    }
}
