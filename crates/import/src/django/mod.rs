//! Databases of Django applications with chats: SQLite, PostgreSQL, MySQL or MariaDB.
//!
//! Which tables and columns have what is found by looking at the tables that are there (`detect`), or said in a file (`map`). All values
//! are read as text (`rows`), so that three databases are one.

mod connection;
mod detect;
mod map;
mod messages;
mod people;
mod rooms;
mod rows;
mod schema;
mod ties;
mod value;

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};

use self::connection::Connection;
pub use self::map::Map;
use crate::Archive;

/// Messages that wait to be written.
const WAITING: usize = 1_000;

/// Where an application has its data.
#[derive(Clone, Debug)]
pub struct Source {
    /// `sqlite://path`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// What tables and columns are called, as TOML; what it does not say is found.
    pub map: Option<PathBuf>,
    /// Its `MEDIA_ROOT`; without it no files come.
    pub media: Option<PathBuf>,
}

/// What the tables and columns of a database are.
///
/// # Errors
/// Where it can't be read, or no chats are found in it.
pub async fn map(source: &Source) -> anyhow::Result<Map> {
    let connection = Connection::open(&source.url).await?;
    let map = find_map(&connection, source).await;
    connection.close().await;
    map
}

/// Reads all but the messages, and begins to read those.
///
/// # Errors
/// Where the database can't be read, or nothing in it looks like chats.
pub async fn read(source: &Source) -> anyhow::Result<Archive> {
    let connection = Connection::open(&source.url).await?;
    let map = find_map(&connection, source).await?;
    let mut left_out = Vec::new();
    let people = people::read(&connection, &map.users).await?;
    let mut rooms = Vec::new();
    for chat in &map.chats {
        rooms.extend(rooms::read(&connection, chat, &mut left_out).await?);
    }
    // Two kinds of messages may share their rooms.
    let mut seen = HashSet::new();
    rooms.retain(|room| seen.insert(room.key.clone()));
    let ties = ties::read(&connection, &map.ties).await?;
    let (sender, entries) = tokio::sync::mpsc::channel(WAITING);
    let media = source.media.as_deref().map(Arc::from);
    let name = map.source.clone();
    tokio::spawn(async move {
        let done = messages::read(&connection, &map.chats, media, &sender).await;
        connection.close().await;
        if let Err(error) = done {
            // Where nobody takes it any more, the import has ended.
            sender.send(Err(error)).await.ok();
        }
    });
    Ok(Archive { source: name, people, rooms, ties, left_out, entries })
}

async fn find_map(connection: &Connection, source: &Source) -> anyhow::Result<Map> {
    let schema = schema::read(connection).await.context("the tables of the database can't be read")?;
    let map = match &source.map {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
            let given: map::Given =
                toml::from_str(&text).with_context(|| format!("{} is not in order", path.display()))?;
            given.completed(&schema)?
        }
        None => detect::find(&schema)?,
    };
    let unknown = map.unknown(&schema);
    if !unknown.is_empty() {
        bail!("the database has no {}", unknown.join(", "));
    }
    Ok(map)
}
