//! A database that is only read.

use anyhow::{Context, bail};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend,
    sqlx::{self, AssertSqlSafe, ColumnIndex, Decode, Type},
};

use super::rows::Row;

/// One streams messages, the other looks for what belongs to them.
const CONNECTIONS: u32 = 2;

#[derive(Debug)]
pub(super) struct Connection(DatabaseConnection);

impl Connection {
    /// # Errors
    /// Where there is no such database.
    pub(super) async fn open(url: &str) -> anyhow::Result<Self> {
        let url = match url.split_once("://") {
            Some(("sqlite", path)) => {
                let path = path.split('?').next().unwrap_or(path);
                if !std::path::Path::new(path).is_file() {
                    bail!("--from: there is no file {path}");
                }
                format!("sqlite://{path}?mode=ro")
            }
            Some(("postgres" | "postgresql" | "mysql", _)) => url.to_owned(),
            Some(("mariadb", rest)) => format!("mysql://{rest}"),
            _ => bail!("--from: write sqlite://path, postgres://… or mysql://…"),
        };
        let mut options = ConnectOptions::new(url);
        options.max_connections(CONNECTIONS).sqlx_logging(false).map_sqlx_postgres_opts(|options| {
            // Times are read as text, and Django's are in UTC.
            options.options([("timezone", "UTC")])
        });
        let connection = Database::connect(options).await.context("--from: the database can't be reached")?;
        Ok(Self(connection))
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    /// # Errors
    /// Those of the database.
    pub(super) async fn all(&self, sql: String) -> anyhow::Result<Vec<Row>> {
        self.stream(sql).try_collect().await
    }

    /// The rows one by one, however many they are, or what the database reports. The statement is one that `rows` has built.
    pub(super) fn stream(&self, sql: String) -> BoxStream<'_, anyhow::Result<Row>> {
        let sql = AssertSqlSafe(sql);
        match self.backend() {
            DbBackend::MySql => {
                let pool = self.0.get_mysql_connection_pool();
                sqlx::query(sql).fetch(pool).map(|row| texts(&row?)).boxed()
            }
            DbBackend::Postgres => {
                let pool = self.0.get_postgres_connection_pool();
                sqlx::query(sql).fetch(pool).map(|row| texts(&row?)).boxed()
            }
            _ => {
                let pool = self.0.get_sqlite_connection_pool();
                sqlx::query(sql).fetch(pool).map(|row| texts(&row?)).boxed()
            }
        }
    }

    pub(super) async fn close(self) {
        if let Err(error) = self.0.close().await {
            tracing::debug!(%error, "the source is not closed in order");
        }
    }
}

fn texts<R: sqlx::Row>(row: &R) -> anyhow::Result<Row>
where
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    Option<String>: Type<R::Database>,
{
    let values = (0..row.len()).map(|index| row.try_get::<Option<String>, _>(index));
    Ok(Row(values.collect::<Result<_, _>>()?))
}
