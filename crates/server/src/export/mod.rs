//! Everything that an account holds, in one archive. Long lists are read page by page, each on from the last row of the one
//! before, so that it takes the same memory however much there is.

pub mod archive;
mod people;
pub mod shapes;
mod turns;

use anyhow::Context;
use charla_db::{
    queries::{
        self, export,
        paging::{Ask, Seek},
    },
    tables::{
        files::{self, Copy},
        users,
    },
};
use charla_protocol::{RoomId, SessionId, Timestamp};
use futures_util::TryStreamExt;
use tokio::fs::File;
use uuid::Uuid;

use archive::Archive;
pub use turns::{Exports, Turn};

use crate::{App, ops, storage::Storage};

/// Rows of a page.
const PAGE: u64 = 500;

/// Writes the archive, and gives it to be read.
///
/// # Errors
/// Those of the database, the file storage and the disk.
pub async fn write(app: &App, user: &users::Model) -> anyhow::Result<File> {
    let folder = &app.config.data_dir;
    // Without a name: it is gone once nobody reads it any more.
    let file = tempfile::tempfile_in(folder)
        .with_context(|| format!("no file can be made in {}", folder.display()))?;
    let archive = Archive::begin(file);
    archive.json("account.json", &ops::users::me(app, user)).await?;
    archive.json("settings.json", &user.settings()).await?;
    sessions(app, user, &archive).await?;
    people::friends(app, user, &archive).await?;
    people::blocks(app, user, &archive).await?;
    people::rooms(app, user, &archive).await?;
    drafts(app, user, &archive).await?;
    sanctions(app, user, &archive).await?;
    messages(app, user, &archive).await?;
    reactions(app, user, &archive).await?;
    files(app, user, &archive).await?;
    Ok(File::from_std(archive.finish().await?))
}

async fn sessions(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("sessions.jsonl", false).await?;
    let mut after = SessionId(Uuid::nil());
    loop {
        let rows = export::sessions(app.db.read(), user.user_id(), after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = SessionId(last.id);
        archive.lines(&rows.iter().map(shapes::session).collect::<Vec<_>>()).await?;
    }
}

async fn drafts(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("drafts.jsonl", false).await?;
    let mut ask = Ask::<(i64, RoomId)>::first(PAGE);
    loop {
        let page = queries::drafts::page(app.db.read(), user.user_id(), ask).await?;
        let next = page.ends(|row| (row.updated_at.map_or(0, Timestamp::millis), row.room)).next;
        archive.lines(&page.rows).await?;
        let Some(next) = next else { return Ok(()) };
        ask = Ask { seek: Seek::After(next), limit: PAGE };
    }
}

async fn sanctions(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("sanctions.jsonl", false).await?;
    let mut ask = Ask::<Uuid>::first(PAGE);
    loop {
        let page = queries::sanctions::page(app.db.read(), user.user_id(), ask).await?;
        let next = page.ends(|row| row.id).next;
        let rows = page.rows.into_iter().map(|row| row.wire(user.summary(), None));
        archive.lines(&rows.collect::<Vec<_>>()).await?;
        let Some(next) = next else { return Ok(()) };
        ask = Ask { seek: Seek::After(next), limit: PAGE };
    }
}

/// What was written up to now; what comes while the archive is made is not in it.
async fn messages(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("messages.jsonl", false).await?;
    let (mut after, until) = (Uuid::nil(), app.clock.id());
    loop {
        let rows = export::messages(app.db.read(), user.user_id(), after, until, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        let versions = export::versions(app.db.read(), &rows).await?;
        let attachments = queries::files::of_messages(app.db.read(), &rows).await?;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| shapes::message(row, versions.get(&row.id), attachments.get(&row.id)))
            .collect();
        archive.lines(&lines).await?;
    }
}

async fn reactions(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("reactions.jsonl", false).await?;
    let mut after = (Uuid::nil(), String::new());
    loop {
        let position = (after.0, after.1.as_str());
        let rows = export::reactions(app.db.read(), user.user_id(), position, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = (last.message_id, last.emoji.clone());
        archive.lines(&rows.iter().map(shapes::reaction).collect::<Vec<_>>()).await?;
    }
}

async fn files(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    archive.file("files.jsonl", false).await?;
    let mut after = Uuid::nil();
    loop {
        let rows = export::files(app.db.read(), user.user_id(), after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        archive.lines(&rows.iter().map(shapes::file).collect::<Vec<_>>()).await?;
    }
    let mut after = Uuid::nil();
    loop {
        let rows = export::files(app.db.read(), user.user_id(), after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for row in &rows {
            file(&app.storage, row, archive).await?;
        }
    }
}

/// Writes the bytes of a file. False for one that has gone meanwhile, which is left out.
///
/// # Errors
/// Those of the file storage, and of the archive.
pub async fn file(storage: &Storage, row: &files::Model, archive: &Archive) -> anyhow::Result<bool> {
    if row.size <= 0 {
        archive.file(shapes::path(row), true).await?;
        return Ok(true);
    }
    let Some(mut chunks) = storage.get(row.id, Copy::Whole, 0..row.size.unsigned_abs()).await? else {
        return Ok(false);
    };
    archive.file(shapes::path(row), true).await?;
    while let Some(chunk) = chunks.try_next().await? {
        archive.bytes(chunk).await?;
    }
    Ok(true)
}
