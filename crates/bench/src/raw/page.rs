//! What a page of history takes at least: the rows, and their JSON.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use charla_db::tables::messages;
use charla_protocol::{RoomId, messages::Timeline};
use sea_orm::sqlx::{
    self, Connection, FromRow, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use uuid::Uuid;

use crate::{
    load::{Cost, Meter},
    stats::float,
};

/// Rows of a page.
const PAGE: usize = 50;
const QUERY: &str = "SELECT messages.*, users.username, users.display_name, users.avatar_id FROM messages \
                     JOIN users ON users.id = messages.sender_id WHERE room_id = ? ORDER BY seq DESC LIMIT 50";

/// Reads the newest page of a room for so long with one prepared statement; processor microseconds a page.
pub(crate) async fn query(database: &Path, room: RoomId, duration: Duration) -> Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true)
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "268435456");
    let mut connection = SqliteConnection::connect_with(&options).await.context("the server's database")?;
    let (begin, meter) = (Instant::now(), Meter::start(std::process::id())?);
    let mut pages = 0;
    while begin.elapsed() < duration {
        let rows: Vec<Row> = sqlx::query_as(QUERY).bind(room.0).fetch_all(&mut connection).await?;
        ensure!(rows.len() == PAGE, "a page of {} rows", rows.len());
        std::hint::black_box(rows);
        pages += 1;
    }
    Ok(each(&meter.read()?, pages))
}

/// Writes a page as JSON for so long; processor microseconds a page.
pub(crate) fn json(page: &Timeline, duration: Duration) -> Result<f64> {
    let (begin, meter) = (Instant::now(), Meter::start(std::process::id())?);
    let mut pages = 0;
    while begin.elapsed() < duration {
        std::hint::black_box(serde_json::to_vec(page)?);
        pages += 1;
    }
    Ok(each(&meter.read()?, pages))
}

fn each(cost: &Cost, pages: u64) -> f64 {
    1e6 * cost.server / float(pages)
}

/// A message with who has sent it.
#[derive(Debug)]
#[expect(dead_code, reason = "decoding it is what is measured")]
struct Row {
    message: messages::Model,
    username: String,
    display_name: String,
    avatar_id: Option<Uuid>,
}

impl<'r> FromRow<'r, SqliteRow> for Row {
    fn from_row(row: &'r SqliteRow) -> Result<Self, sqlx::Error> {
        use sea_orm::sqlx::Row as _;
        Ok(Self {
            message: messages::Model {
                id: row.try_get("id")?,
                room_id: row.try_get("room_id")?,
                seq: row.try_get("seq")?,
                revision: row.try_get("revision")?,
                sender_id: row.try_get("sender_id")?,
                message_type: row.try_get("message_type")?,
                content: row.try_get("content")?,
                content_html: row.try_get("content_html")?,
                system: row.try_get("system")?,
                reply_to_id: row.try_get("reply_to_id")?,
                client_id: row.try_get("client_id")?,
                created_at: row.try_get("created_at")?,
                edited_at: row.try_get("edited_at")?,
                deleted_at: row.try_get("deleted_at")?,
            },
            username: row.try_get("username")?,
            display_name: row.try_get("display_name")?,
            avatar_id: row.try_get("avatar_id")?,
        })
    }
}
