//! The one place, beside `search/`, that may ask which database it is.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sea_query::{ColumnDef, IntoIden, Table, TableCreateStatement},
    sqlx::{
        self, Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::SchemaManager;

use crate::Error;

/// How often an `INSERT` or a lock may wait for another node before it is given up.
const LOCK_WAIT: Duration = Duration::from_secs(10);
const ACQUIRE_WAIT: Duration = Duration::from_secs(10);

/// Connections that write, on a database server: the lanes' and as many for what goes beside them.
const WRITERS: u32 = 8;

/// Prepared statements that a connection keeps. MySQL allows 16,382 for all connections together.
const STATEMENTS: usize = 256;

/// How many transactions the lanes run side by side. SQLite has one writer.
pub(crate) fn lane_count(backend: DbBackend) -> usize {
    match backend {
        DbBackend::Sqlite => 1,
        _ => 4,
    }
}

/// The pools of a database: one to write through, one of `max_connections` to read through. SQLite gets one writer and
/// four readers.
pub(crate) async fn connect(
    url: &str,
    max_connections: u32,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if url.starts_with("sqlite:") {
        let write = sea_orm::Database::connect(sqlite_options(url, 1)).await?;
        let read = sea_orm::Database::connect(sqlite_options(url, 4)).await?;
        return Ok((write, read));
    }
    // Apart, so that no crowd of readers keeps a lane from its transaction.
    let write = sea_orm::Database::connect(pool_options(url, WRITERS)).await?;
    let read = sea_orm::Database::connect(pool_options(url, max_connections)).await?;
    Ok((write, read))
}

/// Opens a connection to a database server and closes it again. A file needs none.
pub(crate) async fn probe(url: &str) -> Result<(), sqlx::Error> {
    match url.split(':').next() {
        Some("sqlite") => Ok(()),
        Some("mysql") => sqlx::MySqlConnection::connect(url).await?.close().await,
        _ => sqlx::PgConnection::connect(url).await?.close().await,
    }
}

fn pool_options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_WAIT)
        .connect_timeout(ACQUIRE_WAIT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENTS))
        .map_sqlx_mysql_opts(|options| options.statement_cache_capacity(STATEMENTS));
    options
}

/// WAL lets readers and the writer work side by side; `FULL` makes each commit survive a power cut,
/// which is what an `ack` promises (`NORMAL` would not: <https://www.sqlite.org/pragma.html#pragma_synchronous>).
fn sqlite_options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = pool_options(url, max_connections);
    // A connection of a file-based database costs little: keep them all.
    options
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_WAIT)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            .pragma("cache_size", "-16000")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "MEMORY")
            .optimize_on_close(true, Some(400))
    });
    // A full disk ends a transaction inside SQLite, while the driver goes on counting it: what is written next would be nested
    // in one that is never committed, and be acknowledged all the same. Such a connection is closed.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                if connection.is_in_transaction() {
                    // Its rollback may still wait in the connection's queue.
                    connection.ping().await?;
                }
                Ok(!connection.is_in_transaction())
            })
        })
    });
    options
}

/// Begins a transaction that writes. Readers of a locked row see what the holder of the lock before committed.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = match db.get_database_backend() {
        DbBackend::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions {
            isolation_level: Some(IsolationLevel::ReadCommitted),
            ..TransactionOptions::default()
        },
    };
    db.begin_with_options(options).await
}

/// Takes the lock that lets one node at a time migrate. It holds until the transaction ends.
/// SQLite has one process, and needs none.
pub(crate) async fn lock_migrations(lock: &DatabaseTransaction) -> Result<(), DbErr> {
    match lock.get_database_backend() {
        DbBackend::Postgres => {
            lock.execute_unprepared("SELECT pg_advisory_xact_lock(4846216180)").await.map(drop)
        }
        DbBackend::MySql => {
            let answer = lock
                .query_one_raw(Statement::from_string(
                    DbBackend::MySql,
                    "SELECT GET_LOCK('charla_migrations', 600)",
                ))
                .await?;
            match answer.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten() {
                Some(1) => Ok(()),
                _ => Err(DbErr::Custom("another node has been migrating for ten minutes".to_owned())),
            }
        }
        _ => Ok(()),
    }
}

/// Gives back what `lock_migrations` took, where ending the transaction does not.
pub(crate) async fn unlock_migrations(lock: &DatabaseTransaction) -> Result<(), DbErr> {
    match lock.get_database_backend() {
        DbBackend::MySql => lock.execute_unprepared("DO RELEASE_LOCK('charla_migrations')").await.map(drop),
        _ => Ok(()),
    }
}

/// A new table. Its texts compare byte by byte on MySQL and SQLite; on PostgreSQL each [`key`] says so for itself.
pub(crate) fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    if manager.get_database_backend() == DbBackend::MySql {
        table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
    }
    table
}

/// Stores the rows of a table in the order of its key, without a second tree: as MySQL always does.
pub(crate) fn stored_by_key(manager: &SchemaManager<'_>, table: &mut TableCreateStatement) {
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
}

/// A text that is looked up or sorted by. It compares byte by byte too, where the database's own order would be a language's.
pub(crate) fn key(manager: &SchemaManager<'_>, name: impl IntoIden, length: u32) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.string_len(length);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column
}

/// A text that may grow past the 64 KiB of MySQL's `TEXT`.
pub(crate) fn long_text(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if manager.get_database_backend() == DbBackend::MySql {
        column.custom("mediumtext");
    } else {
        column.text();
    }
    column.not_null().take()
}

/// What kind of failure a database reported.
pub(crate) fn classify(error: DbErr) -> Error {
    if let Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return Error::Duplicate;
    }
    if is_retryable(&error) {
        return Error::Busy(error);
    }
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::Unavailable(error),
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))
            if is_outage(inner) =>
        {
            Error::Unavailable(error)
        }
        _ => Error::Database(error),
    }
}

/// Deadlocks, serialization failures and lock waits: the same transaction may well go through when run again.
fn is_retryable(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return false;
    };
    let sqlx::Error::Database(database) = &**inner else { return false };
    if let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(mysql.number(), 1205 | 1213 | 1020);
    }
    // PostgreSQL: serialization_failure, deadlock_detected, lock_not_available. SQLite: BUSY, LOCKED.
    matches!(database.code().as_deref(), Some("40001" | "40P01" | "55P03"))
        || matches!(sqlite_code(&**database), Some(5 | 6))
}

fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(database) => is_server_outage(&**database),
        _ => false,
    }
}

/// The server is going down or coming up, or out of a resource.
fn is_server_outage(error: &dyn sqlx::error::DatabaseError) -> bool {
    if let Some(mysql) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        // Disk full, too many connections, shutting down, table full, read only.
        return matches!(mysql.number(), 1021 | 1040 | 1053 | 1114 | 1290);
    }
    // SQLite: READONLY, IOERR, FULL, CANTOPEN.
    matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53100" | "53200" | "53300"))
        || matches!(sqlite_code(error), Some(8 | 10 | 13 | 14))
}

/// SQLite's primary result code; what it reports is the extended one (<https://www.sqlite.org/rescode.html>).
fn sqlite_code(error: &dyn sqlx::error::DatabaseError) -> Option<i32> {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    error.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}
