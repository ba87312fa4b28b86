//! The pools of connections, and what each connection is set to.

use std::{str::FromStr, time::Duration};

use sea_orm::{
    ConnectOptions, DatabaseConnection, DbErr,
    sqlx::{
        self, Connection, Executor,
        mysql::MySqlConnection,
        postgres::PgConnection,
        sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
    },
};

/// How often an `INSERT` or a lock may wait for another node before it is given up.
const LOCK_WAIT: Duration = Duration::from_secs(10);
const ACQUIRE_WAIT: Duration = Duration::from_secs(10);
/// How long a connection that is put back may take to answer.
const SILENCE: Duration = Duration::from_secs(5);
/// From when on an idle one is asked before it is used again, and how long it may take then: the way there may have vanished without
/// a word, and whoever wants a connection has to get another one in time.
const IDLE: Duration = Duration::from_secs(1);
const SILENCE_BEFORE_USE: Duration = Duration::from_secs(2);
/// How long a connection to a server is used: after a failover that has closed none, no longer than this is the old primary asked.
const LIFETIME: Duration = Duration::from_secs(300);

/// Connections that write, on a database server: the lanes' and as many for what goes beside them.
const WRITERS: u32 = 8;

/// Prepared statements that a connection keeps. MySQL allows 16,382 for all connections together.
const STATEMENTS: usize = 256;

/// Rows that may wait between SQLite's thread and who asked: more than a page has, so that the thread need not wait in between.
const ROWS: usize = 256;

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

/// How many connections others have to a database. Of a file no more is known than whether it is open elsewhere: it leaves the
/// write-ahead log, and goes back to it, only while nobody else has it.
pub(crate) async fn others(url: &str) -> Result<u64, sqlx::Error> {
    let count: i64 = match url.split(':').next() {
        Some("sqlite") => return Ok(u64::from(is_open_elsewhere(url).await?)),
        Some("mysql") => {
            let mut connection = sqlx::MySqlConnection::connect(url).await?;
            let others = "SELECT COUNT(*) FROM information_schema.processlist \
                          WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            sqlx::query_scalar(others).fetch_one(&mut connection).await?
        }
        _ => {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                          AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
            sqlx::query_scalar(others).fetch_one(&mut connection).await?
        }
    };
    Ok(count.unsigned_abs())
}

async fn is_open_elsewhere(url: &str) -> Result<bool, sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?.busy_timeout(Duration::ZERO);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let is_busy = match connection.execute("PRAGMA journal_mode = DELETE").await {
        Ok(_) => false,
        // SQLITE_BUSY.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("5") => true,
        Err(error) => return Err(error),
    };
    if !is_busy {
        connection.execute("PRAGMA journal_mode = WAL").await?;
    }
    connection.close().await?;
    Ok(is_busy)
}

fn pool_options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_WAIT)
        .connect_timeout(ACQUIRE_WAIT)
        .max_lifetime(LIFETIME)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENTS))
        .map_sqlx_mysql_opts(|options| options.statement_cache_capacity(STATEMENTS))
        .map_sqlx_postgres_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(set_up_postgres(connection)))
                .before_acquire(|connection, meta| Box::pin(is_there(connection, meta.idle_for)))
                .after_release(|connection, _| Box::pin(answers(connection, SILENCE)))
        })
        .map_sqlx_mysql_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(set_up_mysql(connection)))
                .before_acquire(|connection, meta| Box::pin(is_there(connection, meta.idle_for)))
                .after_release(|connection, _| Box::pin(answers(connection, SILENCE)))
        });
    options
}

/// A node that stands still in a transaction (stopped, or cut off) would keep its rooms locked for all others: the server ends it
/// after five seconds. It has not committed then, and says so to its callers.
async fn set_up_postgres(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute("SET default_transaction_isolation = 'read committed'").await?;
    connection.execute("SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '5s'").await?;
    let is_replica: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(connection).await?;
    refuse_replica(is_replica)
}

/// What a connection to MySQL or MariaDB is set to.
pub(super) const SET_UP_MYSQL: &str =
    "SET SESSION innodb_lock_wait_timeout = 10 /*M!100300 , SESSION idle_transaction_timeout = 5 */";
/// The same where a transaction has to stand still.
pub(super) const SET_UP_MYSQL_UNHURRIED: &str =
    "SET SESSION innodb_lock_wait_timeout = 10 /*M!100300 , SESSION idle_transaction_timeout = 0 */";

/// The same; MySQL itself, other than MariaDB, can't end a transaction for being idle.
async fn set_up_mysql(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
    connection.execute(SET_UP_MYSQL).await?;
    let is_replica: bool = sqlx::query_scalar("SELECT @@global.read_only").fetch_one(connection).await?;
    refuse_replica(is_replica)
}

/// A connection to where nothing answers any more would keep its place in the pool for as long as TCP goes on trying.
async fn answers<C: Connection>(connection: &mut C, silence: Duration) -> Result<bool, sqlx::Error> {
    let answer = tokio::time::timeout(silence, connection.ping()).await;
    answer.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
}

async fn is_there<C: Connection>(connection: &mut C, idle_for: Duration) -> Result<bool, sqlx::Error> {
    if idle_for < IDLE { Ok(true) } else { answers(connection, SILENCE_BEFORE_USE).await }
}

/// During a failover, the address may still lead to what was the primary.
fn refuse_replica(is_replica: bool) -> Result<(), sqlx::Error> {
    match is_replica {
        true => Err(sqlx::Error::Protocol("the database server takes no writes: it is a replica".to_owned())),
        false => Ok(()),
    }
}

/// WAL lets readers and the writer work side by side; `FULL` makes each commit survive a power cut,
/// which is what an `ack` promises (`NORMAL` would not: <https://www.sqlite.org/pragma.html#pragma_synchronous>).
///
/// There is no `ANALYZE`: plans made of the statistics of a small database go on reading whole tables once it has grown. Without
/// any, each statement takes the index it was written for.
fn sqlite_options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = pool_options(url, max_connections);
    // A connection of a file-based database costs little: keep them all.
    options.min_connections(1).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_WAIT)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            .row_buffer_size(ROWS)
            .pragma("cache_size", "-16000")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "MEMORY")
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
