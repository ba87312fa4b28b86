//! Fills a SQLite database while no server uses it: rows as the server would have written them, many thousand a second.

use std::{collections::HashSet, path::Path};

use anyhow::{Context, Result};
use charla_db::clock::{Clock, SystemClock};
use charla_protocol::{RoomId, UserId};
use sea_orm::sqlx::{
    self, AssertSqlSafe, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use crate::{
    load::CONTENT,
    raw::rows::{BATCH, COLUMNS, statement_of},
};

/// Rows of a transaction.
const TRANSACTION: u64 = 50_000;
const USER: &str = "INSERT INTO users (id, username, username_key, password_hash, display_name, display_name_key, bio, direct_messages, \
                    show_last_seen, send_read_receipts, is_active, is_staff, is_superuser, date_joined) \
                    VALUES (?, ?, ?, '!', ?, ?, '', 'everyone', 1, 1, 1, 0, 0, ?)";
const ROOM: &str = "INSERT INTO rooms (id, room_type, visibility, history, name, name_key, slug, topic, created_by, is_active, created_at, \
                    revision, member_count, last_seq, last_activity_at) \
                    VALUES (?, 'group', 'private', 'all', ?, ?, ?, '', ?, 1, ?, 0, 0, 0, ?)";
const MEMBER: &str = "INSERT INTO room_members (room_id, user_id, role, joined_at, joined_seq, hidden_seq, last_read_seq, notify, pinned) \
                      SELECT id, ?, 0, ?, last_seq, 0, last_seq, 'all', 0 FROM rooms WHERE id = ?";

/// The database while it is filled.
#[derive(Debug)]
pub(crate) struct Seed {
    database: SqliteConnection,
    /// Whose names are taken.
    named: u64,
}

impl Seed {
    /// Opens the database of a server that does not run.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // Whatever is lost with a power cut here, the run is too.
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-2000000")
            .pragma("temp_store", "MEMORY");
        let mut database = SqliteConnection::connect_with(&options).await.context("the server's database")?;
        let (named,): (i64,) = sqlx::query_as("SELECT count(*) FROM users").fetch_one(&mut database).await?;
        Ok(Self { database, named: named.unsigned_abs() })
    }

    /// Accounts that nobody signs in to.
    pub(crate) async fn users(&mut self, count: u64) -> Result<Vec<UserId>> {
        let now = SystemClock.now().millis();
        let mut tx = self.database.begin().await?;
        let mut users = Vec::new();
        for _ in 0..count {
            let (id, name) = (SystemClock.id(), format!("extra{}", self.named));
            self.named += 1;
            let query = sqlx::query(USER).bind(id).bind(&name).bind(&name).bind(&name).bind(&name).bind(now);
            query.execute(&mut *tx).await?;
            users.push(UserId(id));
        }
        tx.commit().await?;
        Ok(users)
    }

    /// Groups, each with the next two of these people in it.
    pub(crate) async fn rooms(&mut self, count: u64, users: &[UserId]) -> Result<()> {
        let now = SystemClock.now().millis();
        let mut tx = self.database.begin().await?;
        let mut people = users.iter().cycle();
        for number in 0..count {
            let (id, name) = (SystemClock.id(), format!("extra {number}"));
            let pair = [people.next(), people.next()].map(|user| user.map_or(Uuid::nil(), |user| user.0));
            let query = sqlx::query(ROOM).bind(id).bind(&name).bind(&name).bind(&name).bind(pair[0]);
            query.bind(now).bind(now).execute(&mut *tx).await?;
            for user in HashSet::from(pair) {
                sqlx::query(MEMBER).bind(user).bind(now).bind(id).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        self.count_members().await
    }

    /// Takes people into a room. They have read everything.
    pub(crate) async fn members(&mut self, room: RoomId, users: &[UserId]) -> Result<()> {
        let now = SystemClock.now().millis();
        let mut tx = self.database.begin().await?;
        for user in users {
            sqlx::query(MEMBER).bind(user.0).bind(now).bind(room.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        self.count_members().await
    }

    /// Says so much more in a room, its senders in turn. It counts as indexed: searching is measured elsewhere.
    pub(crate) async fn messages(&mut self, room: RoomId, senders: &[UserId], count: u64) -> Result<()> {
        let (mut seq,): (i64,) = sqlx::query_as("SELECT revision FROM rooms WHERE id = ?")
            .bind(room.0)
            .fetch_one(&mut self.database)
            .await?;
        let mut at = SystemClock.now().millis() - i64::try_from(count)?;
        let mut senders = senders.iter().cycle();
        let (mut left, mut last) = (count, Uuid::nil());
        while left > 0 {
            let mut tx = self.database.begin().await?;
            let mut share = left.min(TRANSACTION);
            left -= share;
            while share > 0 {
                let rows = share.min(BATCH as u64);
                share -= rows;
                let places = format!("({})", ["?"; COLUMNS].join(", "));
                let sql = statement_of((0..rows).map(|_| places.clone()));
                let mut query = sqlx::query(AssertSqlSafe(sql.as_str()));
                for _ in 0..rows {
                    (seq, at, last) = (seq + 1, at + 1, SystemClock.id());
                    let sender = senders.next().context("somebody who sends")?;
                    query = query
                        .bind(last)
                        .bind(room.0)
                        .bind(seq)
                        .bind(seq)
                        .bind(sender.0)
                        .bind("text")
                        .bind(CONTENT)
                        .bind(format!("<p>{CONTENT}</p>\n"))
                        .bind(SystemClock.id().to_string())
                        .bind(at);
                }
                query.execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
        let update = "UPDATE rooms SET revision = ?, last_seq = ?, last_message_id = ?, last_activity_at = ? WHERE id = ?";
        sqlx::query(update)
            .bind(seq)
            .bind(seq)
            .bind(last)
            .bind(at)
            .bind(room.0)
            .execute(&mut self.database)
            .await?;
        let indexed = "INSERT OR REPLACE INTO search_rooms (room_id, revision) VALUES (?, ?)";
        sqlx::query(indexed).bind(room.0).bind(seq).execute(&mut self.database).await?;
        Ok(())
    }

    /// Leaves the database as a server would.
    pub(crate) async fn close(mut self) -> Result<()> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut self.database).await?;
        Ok(self.database.close().await?)
    }

    async fn count_members(&mut self) -> Result<()> {
        let count =
            "UPDATE rooms SET member_count = (SELECT count(*) FROM room_members WHERE room_id = rooms.id)";
        sqlx::query(count).execute(&mut self.database).await?;
        Ok(())
    }
}
