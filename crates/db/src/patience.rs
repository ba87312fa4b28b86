//! A database that was cut off says nothing at all: nobody waits for it for ever.

use std::time::Duration;

use tokio::time::timeout;

use crate::{Error, Result};

/// How long a transaction may take until its commit, and the commit; or a question that a node puts by itself. Longer than locks and
/// connections are waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// How long who has another way waits for an answer.
const BRIEFLY: Duration = Duration::from_secs(3);

/// Waits for the database for as long as anybody may. Work that is given up closes its connection, or has it tested.
///
/// # Errors
/// Those of the work; `Unavailable` where it takes too long.
pub async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(PATIENCE, work).await.unwrap_or(Err(Error::silent()))
}

/// The same for who can do without an answer: three seconds.
///
/// # Errors
/// Those of the work; `Unavailable` where it takes too long.
pub async fn briefly<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(BRIEFLY, work).await.unwrap_or(Err(Error::silent()))
}

/// Asks, and once more where no answer comes soon: one connection may be dead, which is given up with the question, and the others well.
///
/// # Errors
/// Those of the second time.
pub async fn persistently<T, W: Future<Output = Result<T>>>(ask: impl Fn() -> W) -> Result<T> {
    match briefly(ask()).await {
        Ok(answer) => Ok(answer),
        Err(_) => in_time(ask()).await,
    }
}
