//! Making a backup, while the server runs.
//!
//! The rows come from one snapshot. The files come after that: one that nobody needed any more may be gone by then.

use std::{
    path::{Path, PathBuf},
    pin::pin,
};

use anyhow::{Context, ensure};
use charla_db::{
    Transaction,
    clock::Clock,
    queries,
    records::{self, Digest, Table},
    tables::files::{self, Copy},
};
use charla_server::{Config, database, export::archive::Archive, storage::Storage};
use futures_util::TryStreamExt;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    manifest::{FILES, KeptFile, KeptTable, MANIFEST, Manifest, SECRET_KEY, file_entry, table_entry},
    open::{self, CONNECTIONS},
    output::Output,
    progress::{Meter, Progress, Stage},
};

/// Bytes of lines that are handed on together.
const CHUNK: usize = 256 * 1024;
/// Rows of a page.
const PAGE: u64 = 500;

/// A backup that was made.
#[derive(Debug)]
pub struct Backed {
    pub path: PathBuf,
    /// Bytes of the backup.
    pub size: u64,
    pub rows: u64,
    pub files: u64,
    /// Files that the storage no longer had.
    pub missing: u64,
}

/// Makes a backup of all that the server holds, in the file `to`, or in a file of that folder. The server may be running.
///
/// # Errors
/// Those of the database, the file storage and the disk; of what was written nothing is left then.
pub async fn backup(
    config: &Config,
    clock: &dyn Clock,
    to: &Path,
    tell: &mut dyn FnMut(Progress),
) -> anyhow::Result<Backed> {
    let output = Output::begin(to, "backup", clock.now())?;
    let storage = Storage::open(&config.storage_url)?;
    let db = database::connect(config, CONNECTIONS).await?;
    open::check_current(&db, "DATABASE_URL").await?;
    let mut writing = Writing { storage, archive: Archive::begin(output.file()?), meter: Meter::new(tell) };
    let written = writing.write(config, clock, db.snapshot_unhurried().await?).await;
    // Where it could not be written on, this says why.
    writing.archive.finish().await?;
    let (manifest, missing) = written?;
    db.close().await?;
    let (path, size) = output.finish()?;
    Ok(Backed { path, size, rows: manifest.rows(), files: manifest.files.rows, missing })
}

struct Writing<'a> {
    storage: Storage,
    archive: Archive,
    meter: Meter<'a>,
}

/// A file, and the bytes of each of its copies.
struct Wanted {
    id: Uuid,
    copies: Vec<(Copy, u64)>,
}

impl Writing<'_> {
    /// Gives the manifest, and how many files are missing.
    async fn write(
        &mut self,
        config: &Config,
        clock: &dyn Clock,
        tx: Transaction,
    ) -> anyhow::Result<(Manifest, u64)> {
        let total = open::count(&tx).await?;
        self.meter.begin(Stage::Rows, total);
        let mut kept = Vec::new();
        for table in records::tables() {
            let digest = self.table(&tx, &table).await?;
            kept.push(KeptTable { table, digest });
        }
        let wanted = wanted(&tx).await?;
        // Files may take hours: the database need not keep what is old for so long.
        tx.rollback().await?;
        let mut manifest = Manifest::new(clock.now(), kept);
        let missing = self.files(&wanted, &mut manifest).await?;
        if config.keeps_its_key() {
            self.archive.file(SECRET_KEY, false).await?;
            self.archive.bytes(config.secret_key.0.clone().into()).await?;
            manifest.has_secret_key = true;
        }
        self.archive.json(MANIFEST, &manifest).await?;
        Ok((manifest, missing))
    }

    async fn table(&mut self, tx: &Transaction, table: &Table) -> anyhow::Result<Digest> {
        self.archive.file(table_entry(table), false).await?;
        let (mut digest, mut lines) = (Digest::default(), Vec::new());
        let mut rows = pin!(records::rows(tx, table).await?);
        while let Some(row) = rows.try_next().await? {
            let begin = lines.len();
            table.write_line(&row, &mut lines);
            digest.add(&lines[begin..]);
            lines.push(b'\n');
            if lines.len() >= CHUNK {
                self.archive.bytes(std::mem::take(&mut lines).into()).await?;
            }
            self.meter.add(1);
        }
        self.archive.bytes(lines.into()).await?;
        Ok(digest)
    }

    /// Writes the files and their list, and gives how many are missing.
    async fn files(&mut self, wanted: &[Wanted], manifest: &mut Manifest) -> anyhow::Result<u64> {
        let bytes: u64 = wanted.iter().flat_map(|file| &file.copies).map(|(_, size)| size).sum();
        self.meter.begin(Stage::Files, bytes);
        let (mut list, mut missing) = (Vec::new(), 0);
        for file in wanted {
            let mut is_whole = true;
            for (copy, size) in &file.copies {
                let kept = self.file(file.id, *copy, *size).await?;
                is_whole &= kept.is_some();
                list.extend(kept);
            }
            missing += u64::from(!is_whole);
        }
        self.archive.file(FILES, false).await?;
        for file in &list {
            let line = serde_json::to_vec(file)?;
            manifest.files.add(&line);
            manifest.bytes += file.size;
            self.archive.bytes(line.into()).await?;
            self.archive.bytes("\n".into()).await?;
        }
        Ok(missing)
    }

    /// None where the storage no longer has the file.
    async fn file(&mut self, id: Uuid, copy: Copy, size: u64) -> anyhow::Result<Option<KeptFile>> {
        let mut kept = KeptFile { id, copy, size, sha256: String::new() };
        let (mut hash, mut read) = (Sha256::new(), 0);
        if size > 0 {
            let found = self.storage.get(id, copy, 0..size).await;
            let found = found.with_context(|| format!("STORAGE_URL: the file {id} can't be read"))?;
            let Some(mut chunks) = found else { return Ok(None) };
            self.archive.file(file_entry(&kept), true).await?;
            while let Some(chunk) = chunks.try_next().await? {
                hash.update(&chunk);
                read += chunk.len() as u64;
                self.meter.add(chunk.len() as u64);
                self.archive.bytes(chunk).await?;
            }
        } else {
            self.archive.file(file_entry(&kept), true).await?;
        }
        ensure!(read == size, "STORAGE_URL: the file {id} has {read} bytes, and should have {size}");
        kept.sha256 = hex::encode(hash.finalize());
        Ok(Some(kept))
    }
}

/// The files that are for something. Their list is in memory: sixty bytes a file.
async fn wanted(tx: &Transaction) -> anyhow::Result<Vec<Wanted>> {
    let (mut all, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let page = queries::files::stored(tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.id;
        all.extend(page.iter().map(Wanted::of));
    }
}

impl Wanted {
    fn of(file: &files::Model) -> Self {
        let copies = Copy::ALL.into_iter().filter_map(|copy| Some((copy, file.copy(copy)?.0)));
        Self { id: file.id, copies: copies.collect() }
    }
}
