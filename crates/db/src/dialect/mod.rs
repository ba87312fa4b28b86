//! The one place, beside `search/`, that may ask which database it is.

mod classify;
mod connect;
mod inspect;
mod keys;
mod rows;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sea_query::{ColumnDef, Expr, ExprTrait, IntoIden, Table, TableCreateStatement},
};
use sea_orm_migration::SchemaManager;

pub(crate) use classify::classify;
pub(crate) use connect::{connect, others, probe};
pub(crate) use inspect::{inspect, pool};
pub(crate) use keys::any_key;
pub(crate) use rows::{insert_all, update_all};

/// How many transactions the lanes run side by side. SQLite has one writer.
pub(crate) fn lane_count(backend: DbBackend) -> usize {
    match backend {
        DbBackend::Sqlite => 1,
        _ => 4,
    }
}

/// Begins a transaction that writes. Readers of a locked row see what the holder of the lock before committed: that is how
/// connections to a server are set up, because saying it here would cost each transaction a way there and back.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        // The others know no such mode.
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}

/// Begins a transaction that reads what had been committed when its first statement began.
pub(crate) async fn snapshot(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = match db.get_database_backend() {
        // Without a lock until it would write, which it does not.
        DbBackend::Sqlite => TransactionOptions::default(),
        _ => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
    };
    db.begin_with_options(options).await
}

/// Lets a transaction stand still for longer than a node may: what is read or written with it comes from elsewhere, or goes there.
pub(crate) async fn unhurry(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    match tx.get_database_backend() {
        DbBackend::Postgres => {
            tx.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await.map(drop)
        }
        DbBackend::MySql => {
            tx.execute_unprepared(connect::SET_UP_MYSQL_UNHURRIED).await?;
            // And let rows be fetched as slowly.
            tx.execute_unprepared("SET SESSION net_write_timeout = 3600").await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Takes the lock that lets one node at a time migrate. It holds until the transaction ends.
/// SQLite has one process, and needs none.
pub(crate) async fn lock_migrations(lock: &DatabaseTransaction) -> Result<(), DbErr> {
    match lock.get_database_backend() {
        DbBackend::Postgres => {
            // It waits for another node's migrations, and is idle during our own: both may take long.
            lock.execute_unprepared(
                "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
            )
            .await?;
            lock.execute_unprepared("SELECT pg_advisory_xact_lock(4846216180)").await.map(drop)
        }
        DbBackend::MySql => {
            // It is idle during our own migrations, and its end would give the lock to another node.
            lock.execute_unprepared(connect::SET_UP_MYSQL_UNHURRIED).await?;
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
        DbBackend::MySql => {
            lock.execute_unprepared("DO RELEASE_LOCK('charla_migrations')").await?;
            lock.execute_unprepared(connect::SET_UP_MYSQL).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Drops what SQLite has noted of how large its tables are: nobody keeps that up to date. The others do so themselves.
pub(crate) async fn forget_statistics(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let sql = "DROP TABLE IF EXISTS sqlite_stat1; DROP TABLE IF EXISTS sqlite_stat4";
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}

/// A sum of whole numbers as one of 64 bits: each database has its own idea of its type.
pub(crate) fn sum(backend: DbBackend, numbers: Expr) -> Expr {
    numbers.sum().cast_as(if backend == DbBackend::MySql { "SIGNED" } else { "BIGINT" })
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
