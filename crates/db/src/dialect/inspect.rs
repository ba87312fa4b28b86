//! What a database says of itself.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TryGetable};

use crate::inspect::{Inspection, Safety};

/// The connections of a pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pool {
    pub(crate) open: usize,
    /// Of the open ones.
    pub(crate) idle: usize,
    /// That there may be.
    pub(crate) most: u32,
}

/// How a pool stands.
pub(crate) fn pool(db: &DatabaseConnection) -> Pool {
    /// The pools of the three have no type in common.
    macro_rules! figures {
        ($pool:expr) => {{
            let pool = $pool;
            Pool {
                open: pool.size() as usize,
                idle: pool.num_idle(),
                most: pool.options().get_max_connections(),
            }
        }};
    }
    match db.get_database_backend() {
        DbBackend::Sqlite => figures!(db.get_sqlite_connection_pool()),
        DbBackend::Postgres => figures!(db.get_postgres_connection_pool()),
        _ => figures!(db.get_mysql_connection_pool()),
    }
}

/// Asks for the version, the time, and what becomes of a commit when the power fails.
pub(crate) async fn inspect(db: &DatabaseConnection) -> Result<Inspection, DbErr> {
    match db.get_database_backend() {
        DbBackend::Sqlite => sqlite(db).await,
        DbBackend::Postgres => postgres(db).await,
        _ => mysql(db).await,
    }
}

/// Each connection is set to survive a power cut: there is nothing to find.
async fn sqlite(db: &DatabaseConnection) -> Result<Inspection, DbErr> {
    let version: String = value(db, "SELECT sqlite_version()").await?;
    Ok(Inspection { version: format!("SQLite {version}"), now: None, risks: Vec::new() })
}

async fn postgres(db: &DatabaseConnection) -> Result<Inspection, DbErr> {
    let version: String = value(db, "SELECT current_setting('server_version')").await?;
    let now: i64 = value(db, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").await?;
    let mut risks = Vec::new();
    for (name, remedy, survives) in [
        ("fsync", "on", Safety::Crash),
        ("full_page_writes", "on", Safety::Crash),
        ("synchronous_commit", "on", Safety::Commit),
    ] {
        let set: String = value(db, &format!("SELECT current_setting('{name}')")).await?;
        // `local`, `remote_write` and `remote_apply` wait for this server's disk too.
        if set == "off" {
            risks.push(survives.risk(name, &set, remedy));
        }
    }
    Ok(Inspection { version: format!("PostgreSQL {version}"), now: Some(now), risks })
}

async fn mysql(db: &DatabaseConnection) -> Result<Inspection, DbErr> {
    let version: String = value(db, "SELECT VERSION()").await?;
    let now: i64 = value(db, "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)").await?;
    let flush: i64 = value(db, "SELECT CAST(@@global.innodb_flush_log_at_trx_commit AS SIGNED)").await?;
    let doublewrite: String = value(db, "SELECT CAST(@@global.innodb_doublewrite AS CHAR)").await?;
    let log: i64 = value(db, "SELECT CAST(@@global.log_bin AS SIGNED)").await?;
    let sync: i64 = value(db, "SELECT CAST(@@global.sync_binlog AS SIGNED)").await?;
    let mut risks = Vec::new();
    if flush != 1 {
        let set = flush.to_string();
        risks.push(Safety::Commit.risk("innodb_flush_log_at_trx_commit", &set, "1"));
    }
    if matches!(doublewrite.to_ascii_uppercase().as_str(), "0" | "OFF") {
        risks.push(Safety::Crash.risk("innodb_doublewrite", &doublewrite, "ON"));
    }
    if log == 1 && sync != 1 {
        risks.push(Safety::Commit.risk("sync_binlog", &sync.to_string(), "1"));
    }
    let product = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
    Ok(Inspection { version: format!("{product} {version}"), now: Some(now), risks })
}

async fn value<T: TryGetable>(db: &DatabaseConnection, sql: &str) -> Result<T, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?;
    row.try_get_by_index(0)
}
