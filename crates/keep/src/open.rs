//! The way to databases that are read as a whole.

use anyhow::{Context, bail};
use charla_db::{Db, Transaction, records};
use charla_server::database;

/// Connections for reading: a whole database is read through one.
pub(crate) const CONNECTIONS: u32 = 2;

/// Refuses a database that is not whole, or of another version. It is not brought up to date here: a server of its own version may
/// run on it.
///
/// # Errors
/// What is wrong with it, in one line with the setting.
pub(crate) async fn check_current(db: &Db, setting: &str) -> anyhow::Result<()> {
    database::check_whole(db, setting).await?;
    let applied = db.applied_migrations().await;
    let applied =
        applied.with_context(|| format!("{setting}: the database is of a later version of Charla"))?;
    match charla_db::migrations().len() - applied.len() {
        0 => Ok(()),
        _ if applied.is_empty() => bail!("{setting}: there is nothing in the database"),
        _ => bail!("{setting}: the database is of an earlier version of Charla: run `charla migrate` first"),
    }
}

/// How many migrations have been applied.
///
/// # Errors
/// Where one of them is not known, because the database is of a later version; those of the database.
pub(crate) async fn applied_migrations(db: &Db, setting: &str) -> anyhow::Result<usize> {
    let applied = db.applied_migrations().await;
    let applied = applied.with_context(|| format!("{setting}: the state of the migrations can't be read"))?;
    Ok(applied.len())
}

/// Refuses a database that others are connected to, where `is_forced` does not say that they don't matter.
///
/// # Errors
/// How many there are, in one line with the setting.
pub(crate) async fn check_alone(setting: &str, url: &str, is_forced: bool) -> anyhow::Result<()> {
    if is_forced {
        return Ok(());
    }
    let remedy = "end the nodes of the server, and what else uses it; --force goes on all the same";
    match charla_db::others(url).await.with_context(|| format!("{setting}: the database can't be reached"))? {
        0 => Ok(()),
        _ if url.starts_with("sqlite:") => bail!("{setting}: the database is open elsewhere: {remedy}"),
        others => bail!("{setting}: others are connected to the database ({others}): {remedy}"),
    }
}

/// The rows of all tables together.
///
/// # Errors
/// Those of the database.
pub(crate) async fn count(tx: &Transaction) -> anyhow::Result<u64> {
    let mut rows = 0;
    for table in records::tables() {
        rows += records::count(tx, &table).await?;
    }
    Ok(rows)
}
