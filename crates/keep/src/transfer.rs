//! Carrying a database into another one.

use std::{path::Path, pin::pin};

use anyhow::ensure;
use charla_db::{
    Db, Transaction,
    clock::Clock,
    records::{self, Batch, Digest, Table, Writer},
};
use charla_server::{config, database};
use futures_util::TryStreamExt;
use tokio::sync::mpsc;

use crate::{
    fill,
    manifest::KeptTable,
    open::{self, CONNECTIONS},
    progress::{Meter, Progress, Stage},
};

const FROM: &str = "--from";
const TO: &str = "--to";

/// Batches on their way between the databases: one is read while another one is written.
const UNDER_WAY: usize = 2;

/// What a transfer came to.
#[derive(Debug)]
pub struct Transferred {
    pub rows: u64,
    /// Milliseconds that copying took, without comparing.
    pub copying: u64,
    /// Milliseconds that comparing took.
    pub comparing: u64,
}

/// Copies all rows of one database into another, empty one. Nobody else may use either, unless `is_forced`.
///
/// # Errors
/// What stands against it; those of the databases. No server runs on what was written until then, and another attempt begins anew.
pub async fn transfer(
    (from, to): (&str, &str),
    is_forced: bool,
    clock: &dyn Clock,
    tell: &mut dyn FnMut(Progress),
) -> anyhow::Result<Transferred> {
    let (from, to) = (config::database_url(FROM, from)?, config::database_url(TO, to)?);
    let file = config::database_file(&from);
    ensure!(file.as_deref().is_none_or(Path::is_file), "{FROM}: there is no such file");
    config::make_database(TO, &to)?;
    open::check_alone(FROM, &from, is_forced).await?;
    open::check_alone(TO, &to, is_forced).await?;
    let source = database::reach(FROM, &from, CONNECTIONS).await?;
    open::check_current(&source, FROM).await?;
    let target = database::reach(TO, &to, CONNECTIONS).await?;
    fill::prepare(&target, TO, "transfer", charla_db::migrations().len()).await?;

    let mut meter = Meter::new(tell);
    let begin = clock.ticks();
    let copied = copy(&source, &target, &mut meter).await?;
    source.close().await?;
    let middle = clock.ticks();
    let rows: u64 = copied.iter().map(|kept| kept.digest.rows).sum();
    meter.begin(Stage::Comparing, rows);
    fill::compare(&target, &copied, &mut meter).await?;
    // A node that was started meanwhile may have written what is not in the copy.
    open::check_alone(FROM, &from, is_forced).await?;
    records::end(&target).await?;
    target.close().await?;
    let end = clock.ticks();
    let (copying, comparing) = ((middle - begin).unsigned_abs(), (end - middle).unsigned_abs());
    Ok(Transferred { rows, copying, comparing })
}

async fn copy(source: &Db, target: &Db, meter: &mut Meter<'_>) -> anyhow::Result<Vec<KeptTable>> {
    let tx = source.snapshot_unhurried().await?;
    meter.begin(Stage::Rows, open::count(&tx).await?);
    let mut copied = Vec::new();
    for table in records::tables() {
        let digest = copy_table(&tx, target, &table, meter).await?;
        copied.push(KeptTable { table, digest });
    }
    tx.rollback().await?;
    Ok(copied)
}

async fn copy_table(
    tx: &Transaction,
    target: &Db,
    table: &Table,
    meter: &mut Meter<'_>,
) -> anyhow::Result<Digest> {
    let (send, mut receive) = mpsc::channel::<Batch>(UNDER_WAY);
    let read = async move {
        let (mut digest, mut batch, mut line) = (Digest::default(), Batch::default(), Vec::new());
        let mut rows = pin!(records::rows(tx, table).await?);
        while let Some(row) = rows.try_next().await? {
            line.clear();
            table.write_line(&row, &mut line);
            digest.add(&line);
            if let Some(full) = batch.push(row) {
                // Where nobody takes it, writing has failed, and says so.
                send.send(full).await.ok();
            }
        }
        send.send(batch).await.ok();
        anyhow::Ok(digest)
    };
    let write = async {
        let mut writer = Writer::new(target, table);
        while let Some(batch) = receive.recv().await {
            let rows = batch.len() as u64;
            writer.write(batch).await?;
            meter.add(rows);
        }
        anyhow::Ok(writer.finish().await?)
    };
    Ok(tokio::try_join!(read, write)?.0)
}
