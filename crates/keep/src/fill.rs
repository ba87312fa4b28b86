//! A database that is filled from elsewhere: empty before, whole after that, and of no use to a server in between.

use anyhow::{bail, ensure};
use charla_db::{Db, records};

use crate::{manifest::KeptTable, open, progress::Meter};

/// Makes a database ready to be filled: the tables are as the first `migrations` have made them, and it is marked as being filled
/// by `what`. What an earlier attempt has left goes.
///
/// # Errors
/// Where it has rows that are of no such attempt; those of the database.
pub(crate) async fn prepare(db: &Db, setting: &str, what: &str, migrations: usize) -> anyhow::Result<()> {
    // What a later version has made is not ours to drop.
    open::applied_migrations(db, setting).await?;
    if db.unfinished().await?.is_none()
        && let Some(table) = records::occupied(db).await?
    {
        bail!("{setting}: the database is not empty, there are rows in {table}: name an empty one");
    }
    records::clear(db).await?;
    db.migrate_steps(Some(u32::try_from(migrations)?)).await?;
    Ok(records::begin(db, what).await?)
}

/// Reads what was written, and holds it against what it was made of.
///
/// # Errors
/// The first table that differs; those of the database.
pub(crate) async fn compare(db: &Db, tables: &[KeptTable], meter: &mut Meter<'_>) -> anyhow::Result<()> {
    let tx = db.snapshot_unhurried().await?;
    for KeptTable { table, digest } in tables {
        let found = records::digest(&tx, table, || meter.add(1)).await?;
        ensure!(
            found == *digest,
            "the rows of {} are not what they were: {} were written, {} are there",
            table.name,
            digest.rows,
            found.rows
        );
    }
    Ok(tx.rollback().await?)
}
