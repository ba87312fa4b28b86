//! Bringing a backup back, into an empty database and storage.
//!
//! The whole backup is read and held against its manifest before anything is written. Then the database is marked, filled, compared,
//! and the files are stored; the mark goes last. Whatever ends this before leaves a database on which no server runs.

use std::{collections::HashSet, path::Path, sync::Arc};

use anyhow::{Context, bail, ensure};
use charla_db::{
    Db, queries,
    records::{self, Batch, Writer},
};
use charla_server::{
    Config, database, files,
    storage::{self, Content, Storage},
};
use futures_util::TryStreamExt;
use sha2::{Digest as _, Sha256};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

use crate::{
    fill,
    manifest::KeptFile,
    open::{self, CONNECTIONS},
    progress::{Meter, Progress, Stage},
    read::{self, Backup},
};

/// What is on its way from the backup to the database, or the storage.
const UNDER_WAY: usize = 2;

/// A backup that was restored.
#[derive(Debug)]
pub struct Restored {
    pub rows: u64,
    pub files: u64,
    /// Whether the backup has a secret key that was not put in place, because `SECRET_KEY` is set to another one.
    pub has_other_key: bool,
}

/// Reads a whole backup, and holds it against its manifest. Gives its rows and files.
///
/// # Errors
/// What is wrong with it.
pub async fn check(from: &Path, tell: &mut dyn FnMut(Progress)) -> anyhow::Result<(u64, u64)> {
    let backup = Arc::new(Backup::open(from)?);
    check_whole(&backup, &mut Meter::new(tell)).await?;
    Ok((backup.manifest.rows(), backup.manifest.files.rows))
}

async fn check_whole(backup: &Arc<Backup>, meter: &mut Meter<'_>) -> anyhow::Result<()> {
    meter.begin(Stage::Checking, backup.manifest.rows() + backup.manifest.bytes);
    let (send, mut receive) = mpsc::channel(UNDER_WAY);
    let reading = {
        let backup = backup.clone();
        // Where nobody hears of it any more, it matters to nobody either.
        spawn_blocking(move || backup.check(|done| send.blocking_send(done).unwrap_or_default()))
    };
    while let Some(done) = receive.recv().await {
        meter.add(done);
    }
    reading.await?
}

/// Brings a backup back into the database and the storage of the settings. Nobody else may use the database, unless `is_forced`.
///
/// # Errors
/// Where the backup is damaged or of a later version; where database or storage are not empty; those of both, and of the disk.
pub async fn restore(
    config: &Config,
    from: &Path,
    is_forced: bool,
    tell: &mut dyn FnMut(Progress),
) -> anyhow::Result<Restored> {
    let backup = Arc::new(Backup::open(from)?);
    let mut meter = Meter::new(tell);
    check_whole(&backup, &mut meter).await?;
    open::check_alone("DATABASE_URL", &config.database_url, is_forced).await?;
    let storage = Storage::open(&config.storage_url)?;
    check_storage(&storage, &backup).await?;
    let db = database::reach("DATABASE_URL", &config.database_url, CONNECTIONS).await?;
    fill::prepare(&db, "DATABASE_URL", "restore", backup.manifest.migrations.len()).await?;

    meter.begin(Stage::Rows, backup.manifest.rows());
    rows(&backup, &db, &mut meter).await?;
    meter.begin(Stage::Comparing, backup.manifest.rows());
    fill::compare(&db, &backup.manifest.tables, &mut meter).await?;
    // From here on the tables are those of this version.
    db.migrate().await.context("the migrations could not be applied")?;
    meter.begin(Stage::Files, backup.manifest.bytes);
    stored_files(&backup, &db, &storage, config, &mut meter).await?;
    let has_other_key = !put_secret_key(&backup, config)?;
    records::end(&db).await?;
    db.close().await?;
    Ok(Restored { rows: backup.manifest.rows(), files: backup.manifest.files.rows, has_other_key })
}

/// Files of the backup may be there already: the storage may have outlived the database, or an attempt has left them. They are
/// written anew.
async fn check_storage(storage: &Storage, backup: &Backup) -> anyhow::Result<()> {
    let kept: HashSet<String> = backup.list()?.iter().map(|file| storage::name(file.id, file.copy)).collect();
    let mut names = storage.names();
    while let Some(name) = names.try_next().await.context("STORAGE_URL: the files can't be listed")? {
        if !kept.contains(&name) {
            bail!("STORAGE_URL: the storage is not empty, there is {name}: name an empty one");
        }
    }
    Ok(())
}

async fn rows(backup: &Arc<Backup>, db: &Db, meter: &mut Meter<'_>) -> anyhow::Result<()> {
    let (send, mut receive) = mpsc::channel::<(usize, Batch)>(UNDER_WAY);
    let reading = {
        let backup = backup.clone();
        spawn_blocking(move || read_batches(&backup, &send))
    };
    let tables = &backup.manifest.tables;
    let mut writing: Option<(usize, Writer<'_>)> = None;
    while let Some((place, batch)) = receive.recv().await {
        if writing.as_ref().is_none_or(|(table, _)| *table != place) {
            finish(writing.take()).await?;
        }
        let (_, writer) = writing.get_or_insert_with(|| (place, Writer::new(db, &tables[place].table)));
        meter.add(batch.len() as u64);
        writer.write(batch).await.with_context(|| format!("rows of {}", tables[place].table.name))?;
    }
    finish(writing).await?;
    reading.await?
}

async fn finish(writing: Option<(usize, Writer<'_>)>) -> anyhow::Result<()> {
    match writing {
        Some((_, writer)) => Ok(writer.finish().await?),
        None => Ok(()),
    }
}

fn read_batches(backup: &Backup, send: &mpsc::Sender<(usize, Batch)>) -> anyhow::Result<()> {
    for place in 0..backup.manifest.tables.len() {
        let mut batch = Batch::default();
        backup.rows(place, |row| match batch.push(row) {
            Some(full) => Ok(send.blocking_send((place, full))?),
            None => Ok(()),
        })?;
        send.blocking_send((place, batch))?;
    }
    Ok(())
}

async fn stored_files(
    backup: &Arc<Backup>,
    db: &Db,
    storage: &Storage,
    config: &Config,
    meter: &mut Meter<'_>,
) -> anyhow::Result<()> {
    let (send, mut receive) = mpsc::channel::<(KeptFile, Content)>(UNDER_WAY);
    let reading: JoinHandle<anyhow::Result<()>> = {
        let (backup, folder) = (backup.clone(), config.data_dir.clone());
        spawn_blocking(move || {
            backup.files(|file, bytes| {
                let content = read::content(bytes, file.size, &folder)?;
                Ok(send.blocking_send((file.clone(), content))?)
            })
        })
    };
    while let Some((file, content)) = receive.recv().await {
        let size = file.size;
        store(db, storage, &file, content)
            .await
            .with_context(|| format!("STORAGE_URL: the file {} can't be stored", file.id))?;
        meter.add(size);
    }
    reading.await?
}

/// Stores a file, and reads it again.
async fn store(db: &Db, storage: &Storage, file: &KeptFile, content: Content) -> anyhow::Result<()> {
    let row = queries::files::find_row(db.read(), file.id).await?.context("no row tells of it")?;
    let label = files::label(&row, file.copy).context("its row knows no such copy")?;
    storage.put(file.id, file.copy, content, &label).await?;
    let mut hash = Sha256::new();
    if file.size > 0 {
        let found = storage.get(file.id, file.copy, 0..file.size).await?;
        let mut chunks = found.context("it is not there after it was stored")?;
        while let Some(chunk) = chunks.try_next().await? {
            hash.update(&chunk);
        }
    }
    ensure!(hex::encode(hash.finalize()) == file.sha256, "it is not what was stored");
    Ok(())
}

/// Puts the secret key of the backup in place of the one that the data folder has, if the server keeps its own. False where the
/// backup has one that is not used.
fn put_secret_key(backup: &Backup, config: &Config) -> anyhow::Result<bool> {
    let Some(key) = backup.secret_key()? else { return Ok(true) };
    if key == config.secret_key.0 {
        return Ok(true);
    }
    if config.keeps_its_key() {
        config.put_key(&key).context("SECRET_KEY: the key can't be put into the data folder")?;
        return Ok(true);
    }
    Ok(false)
}
