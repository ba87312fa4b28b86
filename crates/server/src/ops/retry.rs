//! Transactions that lost against another one are run again.

use charla_db::Error;

/// Runs of a transaction before its caller is told to come back later.
const RUNS: u32 = 5;

/// Runs `work`, a whole transaction, until it gets through. A database that reports a deadlock or a conflict has undone it all.
///
/// # Errors
/// Those of `work`; `Busy` only where it lost each time.
pub async fn on_busy<T, F: Future<Output = Result<T, Error>>>(
    mut work: impl FnMut() -> F,
) -> Result<T, Error> {
    for _ in 1..RUNS {
        match work().await {
            Err(Error::Busy(cause)) => tracing::debug!(%cause, "a transaction is run again"),
            done => return done,
        }
    }
    work().await
}
