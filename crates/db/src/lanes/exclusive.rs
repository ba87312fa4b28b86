//! Writes that need a transaction of their own, in a room's lane.

use futures_util::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use tokio::sync::oneshot;

use crate::{Error, Notice, Result};

/// An [`ExclusiveJob`] of any type of result.
pub(super) trait Exclusive: Send {
    /// Does the work in `tx`, and keeps its result until `finish`.
    fn run<'a>(&'a mut self, tx: &'a DatabaseTransaction) -> BoxFuture<'a, Result<Vec<Notice>>>;

    /// Answers the caller: the kept result, or why it came to nothing.
    fn finish(self: Box<Self>, committed: Result<()>);
}

pub(super) struct ExclusiveJob<T, F> {
    write: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> ExclusiveJob<T, F> {
    pub(super) fn new(write: F, reply: oneshot::Sender<Result<T>>) -> Self {
        Self { write, result: None, reply }
    }
}

impl<T, F> Exclusive for ExclusiveJob<T, F>
where
    T: Send,
    F: for<'c> Fn(&'c DatabaseTransaction) -> BoxFuture<'c, Result<(T, Vec<Notice>)>> + Send,
{
    fn run<'a>(&'a mut self, tx: &'a DatabaseTransaction) -> BoxFuture<'a, Result<Vec<Notice>>> {
        // The future is made before the async block: it borrows `tx` alone, so `F` need not be `Sync`.
        let work = (self.write)(tx);
        let result = &mut self.result;
        Box::pin(async move {
            let (value, notices) = work.await?;
            *result = Some(value);
            Ok(notices)
        })
    }

    fn finish(self: Box<Self>, committed: Result<()>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Error::ShuttingDown),
            (Err(error), _) => Err(error),
        };
        // The caller may have gone away; the write stands all the same.
        self.reply.send(answer).ok();
    }
}
