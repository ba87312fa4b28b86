//! Whether a database server is there: asked before its pools are made, which try for longer, and forget why in the end.

use std::time::Duration;

use sea_orm::sqlx;

use crate::dialect;

/// For a server that is being started beside this process.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(200);

/// Why a database can't be had, without its address.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// There is no way to a server.
    #[error("{0}")]
    NoWay(String),
    /// The server answers, and refuses.
    #[error("{0}")]
    Refused(String),
}

/// Opens one connection to the database and closes it again. A file is made with its pool, and not asked for here.
///
/// # Errors
/// What stands in the way, after three seconds at most.
pub async fn reach(url: &str) -> Result<(), Unreachable> {
    let mut last = None;
    let trying = async {
        loop {
            match dialect::probe(url).await {
                Err(error) if may_pass(&error) => last = Some(error),
                done => return done,
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(PATIENCE, trying).await {
        Ok(done) => done.map_err(|error| explain(&error)),
        Err(_) => Err(last.map_or_else(
            || Unreachable::NoWay(format!("no answer within {} seconds", PATIENCE.as_secs())),
            |error| explain(&error),
        )),
    }
}

/// How many connections others have to the database; of a file, whether it is open elsewhere. Those that end within three seconds
/// do not count: a server takes a moment to notice that one is closed.
///
/// # Errors
/// Why the database can't be asked.
pub async fn others(url: &str) -> Result<u64, Unreachable> {
    let mut left = PATIENCE.as_millis() / PAUSE.as_millis();
    loop {
        let others = dialect::others(url).await.map_err(|error| explain(&error))?;
        if others == 0 || left == 0 {
            return Ok(others);
        }
        left -= 1;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether the server may only be coming up.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(cause) => cause.is_transient_in_connect_phase(),
        _ => false,
    }
}

fn explain(error: &sqlx::Error) -> Unreachable {
    match error {
        sqlx::Error::Database(cause) => Unreachable::Refused(cause.message().to_owned()),
        sqlx::Error::Io(cause) => Unreachable::NoWay(cause.to_string()),
        other => Unreachable::NoWay(other.to_string()),
    }
}
