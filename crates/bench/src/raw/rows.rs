//! The same rows into the same table, without anything else: WAL, `synchronous=FULL`, on the same disk.
//!
//! Two ways: through the ORM in multi-row statements, as the server writes them, and by one prepared statement of the whole
//! batch, which is the fastest that the driver has. Rows a transaction: a hundred, or one.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use charla_db::{
    Db,
    clock::{Clock, SystemClock},
    tables::messages,
};
use sea_orm::{
    EntityTrait, IntoActiveModel,
    sqlx::{
        self, AssertSqlSafe, Connection, SqliteConnection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use uuid::Uuid;

use crate::{
    load::{CONTENT, Cost, Meter},
    server::Site,
    stats::float,
};

/// Rows of a batch.
pub(crate) const BATCH: usize = 100;
/// Columns that are written.
pub(crate) const COLUMNS: usize = 10;

/// An own database with the server's schema.
#[derive(Debug)]
pub(crate) struct RawRows {
    db: Db,
    bare: SqliteConnection,
    rows: Rows,
}

/// Makes rows as the server would: each of the rooms in its turn.
#[derive(Debug)]
pub(crate) struct Rows {
    rooms: Vec<(Uuid, Uuid)>,
    next: usize,
}

/// What a stretch of inserting gave.
#[derive(Debug)]
pub(crate) struct Inserted {
    /// Rows a second.
    pub(crate) rate: f64,
    /// Rows a processor second of this process, making the rows included; waiting for the disk costs none.
    pub(crate) rate_per_cpu: f64,
    /// How long each transaction took.
    pub(crate) times: Vec<Duration>,
}

impl RawRows {
    /// Makes the database beside the server's, for messages of so many rooms.
    pub(crate) async fn make(site: &Site, rooms: usize) -> Result<Self> {
        let path = site.path("raw.db");
        let db = Db::connect(&format!("sqlite://{}", path.display()), 1).await?;
        db.migrate().await?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-16000")
            .pragma("mmap_size", "268435456");
        let bare = SqliteConnection::connect_with(&options).await.context("no database for the baseline")?;
        Ok(Self { db, bare, rows: Rows::of(rooms) })
    }

    /// Inserts through the ORM for so long.
    pub(crate) async fn through_orm(&mut self, duration: Duration) -> Result<Inserted> {
        let (begin, meter) = (Instant::now(), Meter::start(std::process::id())?);
        let mut times = Vec::new();
        while begin.elapsed() < duration {
            let rows = self.rows.take(BATCH);
            let started = Instant::now();
            let tx = self.db.begin().await?;
            messages::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
                .exec_without_returning(&tx)
                .await?;
            tx.commit().await?;
            times.push(started.elapsed());
        }
        Ok(Inserted::of(times, BATCH, &meter.read()?))
    }

    /// Inserts with one prepared statement for so long, `batch` rows a transaction.
    pub(crate) async fn prepared(&mut self, batch: usize, duration: Duration) -> Result<Inserted> {
        let sql = statement(batch);
        let (begin, meter) = (Instant::now(), Meter::start(std::process::id())?);
        let mut times = Vec::new();
        while begin.elapsed() < duration {
            let rows = self.rows.take(batch);
            let started = Instant::now();
            let mut tx = self.bare.begin_with("BEGIN IMMEDIATE").await?;
            let mut query = sqlx::query(AssertSqlSafe(sql.as_str()));
            for row in rows {
                query = query
                    .bind(row.id)
                    .bind(row.room_id)
                    .bind(row.seq)
                    .bind(row.revision)
                    .bind(row.sender_id)
                    .bind(row.message_type)
                    .bind(row.content)
                    .bind(row.content_html)
                    .bind(row.client_id)
                    .bind(row.created_at);
            }
            query.execute(&mut *tx).await?;
            tx.commit().await?;
            times.push(started.elapsed());
        }
        Ok(Inserted::of(times, batch, &meter.read()?))
    }
}

fn statement(batch: usize) -> String {
    statement_of((0..batch).map(|_| format!("({})", ["?"; COLUMNS].join(", "))))
}

/// The statement with these places for values.
pub(crate) fn statement_of(rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    format!(
        "INSERT INTO messages (id, room_id, seq, revision, sender_id, message_type, content, content_html, \
         client_id, created_at) VALUES {}",
        rows.join(", ")
    )
}

impl Rows {
    /// For so many rooms that nobody else writes to.
    pub(crate) fn of(rooms: usize) -> Self {
        Self { rooms: (0..rooms).map(|_| (SystemClock.id(), SystemClock.id())).collect(), next: 0 }
    }

    pub(crate) fn take(&mut self, count: usize) -> Vec<messages::Model> {
        (0..count).map(|_| self.row()).collect()
    }

    fn row(&mut self) -> messages::Model {
        let (turn, at) = (self.next / self.rooms.len() + 1, self.next % self.rooms.len());
        self.next += 1;
        let (room_id, sender_id) = self.rooms[at];
        let seq = i64::try_from(turn).unwrap_or(i64::MAX);
        messages::Model {
            id: SystemClock.id(),
            room_id,
            seq,
            revision: seq,
            sender_id,
            message_type: "text".to_owned(),
            content: CONTENT.to_owned(),
            content_html: format!("<p>{CONTENT}</p>\n"),
            system: None,
            reply_to_id: None,
            client_id: Some(SystemClock.id().to_string()),
            created_at: SystemClock.now().millis(),
            edited_at: None,
            deleted_at: None,
        }
    }
}

impl Inserted {
    fn of(times: Vec<Duration>, batch: usize, cost: &Cost) -> Self {
        let seconds: f64 = times.iter().map(Duration::as_secs_f64).sum();
        let rows = (times.len() * batch) as u64;
        Self { rate: float(rows) / seconds, rate_per_cpu: cost.rate_per_cpu(rows), times }
    }
}
