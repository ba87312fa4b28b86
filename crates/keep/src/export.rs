//! What a server holds as files that people and other programs can read. Nothing can be restored from them, and no secrets are in
//! them: neither passwords nor sessions, invites, drafts, mails, or who has blocked whom.

mod shapes;

use std::path::{Path, PathBuf};

use charla_db::{
    Transaction,
    clock::Clock,
    queries,
    tables::{files, rooms},
};
use charla_protocol::RoomId;
use charla_server::{
    Config, admin, database,
    export::{self, archive::Archive, shapes as own},
    storage::Storage,
};
use uuid::Uuid;

use crate::{
    open::{self, CONNECTIONS},
    output::Output,
    progress::{Meter, Progress, Stage},
};

/// Rows of a page.
const PAGE: u64 = 500;

/// An export that was written.
#[derive(Debug)]
pub struct Exported {
    pub path: PathBuf,
    pub people: u64,
    pub rooms: u64,
    pub messages: u64,
    pub files: u64,
}

/// Writes everything into the archive `to`, or into one in that folder. The server may be running.
///
/// # Errors
/// Those of the database, the file storage and the disk; of what was written nothing is left then.
pub async fn export(
    config: &Config,
    clock: &dyn Clock,
    to: &Path,
    tell: &mut dyn FnMut(Progress),
) -> anyhow::Result<Exported> {
    let output = Output::begin(to, "export", clock.now())?;
    let storage = Storage::open(&config.storage_url)?;
    let db = database::connect(config, CONNECTIONS).await?;
    open::check_current(&db, "DATABASE_URL").await?;
    let mut writing = Writing {
        archive: Archive::begin(output.file()?),
        meter: Meter::new(tell),
        done: Exported { path: PathBuf::new(), people: 0, rooms: 0, messages: 0, files: 0 },
    };
    let written = writing.write(db.snapshot_unhurried().await?, &storage).await;
    // Where it could not be written on, this says why.
    writing.archive.finish().await?;
    written?;
    db.close().await?;
    let (path, _) = output.finish()?;
    Ok(Exported { path, ..writing.done })
}

/// Writes what one account holds, as it gets it from the server itself. Gives where that is.
///
/// # Errors
/// Where there is no such account; those of the database, the file storage and the disk.
pub async fn export_account(
    config: Config,
    clock: &dyn Clock,
    username: &str,
    to: &Path,
) -> anyhow::Result<PathBuf> {
    let output = Output::begin(to, "account", clock.now())?;
    let mut archive = admin::export_account(config, username).await?;
    let mut file = tokio::fs::File::from_std(output.file()?);
    tokio::io::copy(&mut archive, &mut file).await?;
    tokio::io::AsyncWriteExt::flush(&mut file).await?;
    Ok(output.finish()?.0)
}

struct Writing<'a> {
    archive: Archive,
    meter: Meter<'a>,
    done: Exported,
}

impl Writing<'_> {
    async fn write(&mut self, tx: Transaction, storage: &Storage) -> anyhow::Result<()> {
        self.meter.begin(Stage::Rows, queries::export::counts(&tx).await?);
        self.people(&tx).await?;
        let rooms = self.rooms(&tx).await?;
        self.archive.file("messages.jsonl", false).await?;
        for room in rooms {
            self.messages(&tx, room).await?;
        }
        let files = self.list_files(&tx).await?;
        tx.rollback().await?;
        self.meter.begin(Stage::Files, files.iter().map(|file| file.size.unsigned_abs()).sum());
        for row in &files {
            self.done.files += u64::from(export::file(storage, row, &self.archive).await?);
            self.meter.add(row.size.unsigned_abs());
        }
        Ok(())
    }

    async fn people(&mut self, tx: &Transaction) -> anyhow::Result<()> {
        self.archive.file("people.jsonl", false).await?;
        let mut after = Uuid::nil();
        loop {
            let rows = queries::export::people(tx, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            self.archive.lines(&rows.iter().map(shapes::person).collect::<Vec<_>>()).await?;
            self.done.people += rows.len() as u64;
            self.meter.add(rows.len() as u64);
        }
    }

    /// Gives the rooms' ids.
    async fn rooms(&mut self, tx: &Transaction) -> anyhow::Result<Vec<RoomId>> {
        self.archive.file("rooms.jsonl", false).await?;
        let (mut ids, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let rows = queries::export::rooms(tx, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(ids) };
            after = last.id;
            for room in &rows {
                self.room(tx, room).await?;
            }
            ids.extend(rows.iter().map(|room| RoomId(room.id)));
            self.done.rooms += rows.len() as u64;
            self.meter.add(rows.len() as u64);
        }
    }

    async fn room(&self, tx: &Transaction, room: &rooms::Model) -> anyhow::Result<()> {
        let id = RoomId(room.id);
        let members = queries::export::members(tx, id).await?;
        let pins = queries::export::pins(tx, id).await?;
        self.archive.lines(&[shapes::room(room, &members, &pins)]).await
    }

    async fn messages(&mut self, tx: &Transaction, room: RoomId) -> anyhow::Result<()> {
        let mut after = 0;
        loop {
            let rows = queries::export::timeline(tx, room, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.seq;
            let versions = queries::export::versions(tx, &rows).await?;
            let attachments = queries::files::of_messages(tx, &rows).await?;
            let reactions = queries::export::reactions_to(tx, &rows).await?;
            let lines: Vec<_> = rows
                .iter()
                .map(|row| {
                    let own = own::message(row, versions.get(&row.id), attachments.get(&row.id));
                    shapes::message(row, own, reactions.get(&row.id))
                })
                .collect();
            self.archive.lines(&lines).await?;
            self.done.messages += rows.len() as u64;
            self.meter.add(rows.len() as u64);
        }
    }

    async fn list_files(&self, tx: &Transaction) -> anyhow::Result<Vec<files::Model>> {
        let (mut all, mut after) = (Vec::new(), Uuid::nil());
        self.archive.file("files.jsonl", false).await?;
        loop {
            let rows = queries::files::stored(tx, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(all) };
            after = last.id;
            self.archive.lines(&rows.iter().map(shapes::file).collect::<Vec<_>>()).await?;
            all.extend(rows);
        }
    }
}
