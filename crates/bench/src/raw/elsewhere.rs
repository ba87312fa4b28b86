//! The same rows into PostgreSQL and MariaDB: one prepared statement of the whole batch, over one connection or over as many as
//! the server writes through.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use charla_db::Db;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use tokio::task::JoinSet;

use super::rows::{COLUMNS, Rows};
use crate::stats::float;

/// Lanes of a server that writes into a database server.
const WRITERS: usize = 4;

/// An own database with the server's schema.
#[derive(Debug)]
pub(crate) struct RawElsewhere {
    connections: Vec<DatabaseConnection>,
    /// How many rooms each connection writes to.
    rooms: usize,
}

impl RawElsewhere {
    /// Makes the tables in an empty database.
    pub(crate) async fn make(url: &str, rooms: usize) -> Result<Self> {
        let db = Db::connect(url, 1).await?;
        db.migrate().await?;
        db.close().await?;
        let mut connections = Vec::new();
        for _ in 0..WRITERS {
            let mut options = ConnectOptions::new(url.to_owned());
            options.max_connections(1).sqlx_logging(false);
            connections.push(Database::connect(options).await?);
        }
        Ok(Self { connections, rooms: rooms.div_ceil(WRITERS) })
    }

    /// Rows a second, `batch` a transaction, over one connection.
    pub(crate) async fn alone(&self, batch: usize, duration: Duration) -> Result<f64> {
        self.insert(1, batch, duration).await
    }

    /// The same over all of them at once.
    pub(crate) async fn side_by_side(&self, batch: usize, duration: Duration) -> Result<f64> {
        self.insert(WRITERS, batch, duration).await
    }

    async fn insert(&self, writers: usize, batch: usize, duration: Duration) -> Result<f64> {
        let mut jobs = JoinSet::new();
        let begin = Instant::now();
        for connection in &self.connections[..writers] {
            let (connection, rows) = (connection.clone(), Rows::of(self.rooms));
            let sql: Arc<str> = statement(connection.get_database_backend(), batch).into();
            jobs.spawn(write(connection, rows, sql, batch, begin + duration));
        }
        let mut sum = 0;
        while let Some(done) = jobs.join_next().await {
            sum += done??;
        }
        Ok(float(sum) / begin.elapsed().as_secs_f64())
    }
}

async fn write(
    connection: DatabaseConnection,
    mut rows: Rows,
    sql: Arc<str>,
    batch: usize,
    until: Instant,
) -> Result<u64> {
    let backend = connection.get_database_backend();
    let mut sum = 0;
    while Instant::now() < until {
        let values: Vec<Value> = rows.take(batch).into_iter().flat_map(values_of).collect();
        let statement = Statement::from_sql_and_values(backend, &*sql, values);
        // A statement alone is a transaction of its own, and needs one round trip in place of three.
        connection.execute_raw(statement).await?;
        sum += batch as u64;
    }
    Ok(sum)
}

fn values_of(row: charla_db::tables::messages::Model) -> [Value; COLUMNS] {
    [
        row.id.into(),
        row.room_id.into(),
        row.seq.into(),
        row.revision.into(),
        row.sender_id.into(),
        row.message_type.into(),
        row.content.into(),
        row.content_html.into(),
        row.client_id.into(),
        row.created_at.into(),
    ]
}

fn statement(backend: DbBackend, batch: usize) -> String {
    let row = |number: usize| -> String {
        let places: Vec<String> = (1..=COLUMNS)
            .map(|column| match backend {
                DbBackend::Postgres => format!("${}", number * COLUMNS + column),
                _ => "?".to_owned(),
            })
            .collect();
        format!("({})", places.join(", "))
    };
    super::rows::statement_of((0..batch).map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_where_they_have_to_be() {
        let sql = statement(DbBackend::Postgres, 2);
        assert!(sql.contains("($1, $2,") && sql.ends_with("$20)"), "{sql}");
        assert!(statement(DbBackend::MySql, 1).ends_with("?, ?)"));
    }
}
