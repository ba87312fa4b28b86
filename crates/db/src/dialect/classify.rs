//! What kind of failure a database has reported.

use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::Error;

/// Whether to run the transaction again, to come back later, or to look for a defect.
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
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(database) => is_server_outage(&**database),
        _ => false,
    }
}

/// The server is going down or coming up, out of a resource, or no primary any more; or it has ended our session.
fn is_server_outage(error: &dyn sqlx::error::DatabaseError) -> bool {
    if let Some(mysql) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return is_mysql_outage(mysql.number());
    }
    // SQLite: READONLY, IOERR, FULL, CANTOPEN.
    matches!(sqlite_code(error), Some(8 | 10 | 13 | 14))
        || error.code().is_some_and(|code| {
            error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() && is_postgres_outage(&code)
        })
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn is_postgres_outage(code: &str) -> bool {
    match code {
        // read_only_sql_transaction; idle_in_transaction_session_timeout, transaction_timeout; query_canceled, admin_shutdown,
        // crash_shutdown, cannot_connect_now, idle_session_timeout; io_error.
        "25006" | "25P03" | "25P04" | "57014" | "57P01" | "57P02" | "57P03" | "57P05" | "58030" => true,
        // Connections; disk full, out of memory, too many connections.
        _ => code.starts_with("08") || code.starts_with("53"),
    }
}

/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>
fn is_mysql_outage(number: u16) -> bool {
    match number {
        // Files can't be written or read; disk full, out of memory, the storage engine, too many connections, out of resources.
        3 | 1021 | 1026 | 1030 | 1037 | 1038 | 1040 | 1041 | 1114 | 1135 | 1203 | 1226 => true,
        // The cluster is not ready, shutting down, read-only, killed, idle or slow for too long.
        1047 | 1053 | 1290 | 1317 | 1792 | 1836 | 1927 | 1969 | 4031 => true,
        // What breaks on the way.
        1152..=1161 => true,
        _ => false,
    }
}

/// SQLite's primary result code; what it reports is the extended one (<https://www.sqlite.org/rescode.html>).
fn sqlite_code(error: &dyn sqlx::error::DatabaseError) -> Option<i32> {
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    error.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}
