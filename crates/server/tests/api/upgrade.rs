//! Upgrades through every migration, with data in every table from the migration on that makes it.

mod frozen;

use std::collections::BTreeSet;

use charla_db::{Connection, Db, queries};
use charla_testing::{DatabaseKind, TestDb};
use sea_orm::{
    DbBackend, QueryResult, Statement, Value,
    sea_query::{Alias, Expr, Query},
};

use frozen::Row;

/// Where the migrations themselves are noted.
const NOTES: &str = "seaql_migrations";

async fn data_survives_every_migration(kind: DatabaseKind) {
    let test_db = TestDb::create(kind).await;
    let db = test_db.connect().await;
    let rows = frozen::rows();
    let all = db.pending_migrations().await.unwrap();
    let mut filled = BTreeSet::new();
    for left in (0..all).rev() {
        let name = migrate_one(&db).await;
        assert_eq!(db.pending_migrations().await.unwrap(), left);
        let new: Vec<&Row> = rows.iter().filter(|row| row.migration == name).collect();
        put_in(&db, &new).await;
        filled.extend(new.iter().map(|row| row.table.to_owned()));
        assert_eq!(tables(&db).await, filled, "{name} makes a table that has no row in frozen/");
        all_is_there(&db, &rows, &filled).await;
    }
    assert!(rows.iter().all(|row| filled.contains(row.table)), "a row of a migration that is not there");
    let user = queries::users::find_by_login(db.read(), "JOSÉ").await.unwrap();
    assert_eq!(user.map(|user| user.display_name).as_deref(), Some("José 🎉"), "the program can read it");
    db.close().await.unwrap();
}

/// Applies the next migration, and gives its name.
async fn migrate_one(db: &Db) -> String {
    let before = applied(db).await;
    db.migrate_steps(Some(1)).await.unwrap();
    let after = applied(db).await;
    let mut new = after.difference(&before);
    let name = new.next().unwrap().clone();
    assert_eq!(new.next(), None);
    name
}

async fn applied(db: &Db) -> BTreeSet<String> {
    names(db, &format!("SELECT version AS name FROM {NOTES}")).await
}

async fn put_in(db: &Db, rows: &[&Row]) {
    let tx = db.begin().await.unwrap();
    for row in rows.iter().filter(|row| !row.is_derived) {
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(row.table))
            .columns(row.values.iter().map(|(column, _)| Alias::new(*column)))
            .values_panic(row.values.iter().map(|(_, value)| Expr::val(value.clone())));
        tx.execute(&insert).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Each table holds the rows that were put into it, column by column, and no others.
async fn all_is_there(db: &Db, rows: &[Row], filled: &BTreeSet<String>) {
    for table in filled {
        let expected: Vec<&Row> = rows.iter().filter(|row| row.table == table).collect();
        let mut select = Query::select();
        select
            .from(Alias::new(table))
            .columns(expected[0].values.iter().map(|(column, _)| Alias::new(*column)));
        let stored = db.read().query_all(&select).await.unwrap();
        assert_eq!(stored.len(), expected.len(), "{table}");
        for row in expected {
            assert!(stored.iter().any(|stored| holds(stored, row)), "{row:?} is not in {table} as it was");
        }
    }
}

fn holds(stored: &QueryResult, row: &Row) -> bool {
    row.values.iter().all(|(column, value)| read_as(value, stored, column) == *value)
}

/// What is stored in a column, read as what was put in.
fn read_as(value: &Value, stored: &QueryResult, column: &str) -> Value {
    match value {
        Value::Bool(_) => Value::Bool(stored.try_get("", column).unwrap()),
        Value::SmallInt(_) => Value::SmallInt(stored.try_get("", column).unwrap()),
        Value::Int(_) => Value::Int(stored.try_get("", column).unwrap()),
        Value::BigInt(_) => Value::BigInt(stored.try_get("", column).unwrap()),
        Value::String(_) => Value::String(stored.try_get("", column).unwrap()),
        Value::Uuid(_) => Value::Uuid(stored.try_get("", column).unwrap()),
        Value::Bytes(_) => Value::Bytes(stored.try_get("", column).unwrap()),
        other => panic!("no column holds {other:?}"),
    }
}

/// The tables there are, but for that of the migrations and those that SQLite keeps for itself.
async fn tables(db: &Db) -> BTreeSet<String> {
    let sql = match db.read().get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM pragma_table_list \
             WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%'"
        }
        DbBackend::Postgres => {
            "SELECT CAST(table_name AS text) AS name FROM information_schema.tables \
             WHERE table_schema = current_schema()"
        }
        _ => "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database()",
    };
    let mut names = names(db, sql).await;
    assert!(names.remove(NOTES));
    names
}

async fn names(db: &Db, sql: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(db.read().get_database_backend(), sql);
    let rows = db.read().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

/// Plans made of what SQLite knew of a small database read whole tables once it has grown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_no_statistics() {
    let noted = "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'";
    let test_db = TestDb::create(DatabaseKind::Sqlite).await;
    let db = test_db.connect().await;
    db.migrate_steps(Some(11)).await.unwrap();
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared("ANALYZE").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!names(&db, noted).await.is_empty());
    db.migrate().await.unwrap();
    assert_eq!(names(&db, noted).await, BTreeSet::new());
    queries::users::find_by_login(db.read(), "ana").await.unwrap();
    db.close().await.unwrap();
    let db = test_db.connect().await;
    assert_eq!(names(&db, noted).await, BTreeSet::new(), "closing makes none");
    db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_survives_every_migration_on_sqlite() {
    data_survives_every_migration(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_survives_every_migration_on_postgres() {
    data_survives_every_migration(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_survives_every_migration_on_mariadb() {
    data_survives_every_migration(DatabaseKind::MariaDb).await;
}

/// Two nodes that start at once: one migrates, the other waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    for kind in [DatabaseKind::Postgres, DatabaseKind::MariaDb] {
        let test_db = TestDb::create(kind).await;
        let nodes: [Db; 3] = [test_db.connect().await, test_db.connect().await, test_db.connect().await];
        let done = tokio::join!(nodes[0].migrate(), nodes[1].migrate(), nodes[2].migrate());
        done.0.unwrap();
        done.1.unwrap();
        done.2.unwrap();
        assert_eq!(nodes[0].pending_migrations().await.unwrap(), 0);
    }
}

/// A long migration: the lock, whose transaction stands still meanwhile, holds for as long.
async fn migrating_may_take_longer_than_a_transaction_may_stand_still(kind: DatabaseKind) {
    let test_db = TestDb::create(kind).await;
    let (db, other) = (test_db.connect().await, test_db.connect().await);
    db.migrate_steps(Some(1)).await.unwrap();
    let held = other.begin().await.unwrap();
    let lock = match kind {
        DatabaseKind::MariaDb => "LOCK TABLES seaql_migrations WRITE",
        _ => "LOCK TABLE seaql_migrations IN ACCESS EXCLUSIVE MODE",
    };
    held.execute_unprepared(lock).await.unwrap();
    let migrating = tokio::spawn({
        let db = db.clone();
        async move { db.migrate().await }
    });
    // Five seconds are what a transaction may stand still. Its own is kept alive.
    for _ in 0..7 {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        held.execute_unprepared("SELECT 1").await.unwrap();
    }
    assert!(!migrating.is_finished());
    if kind == DatabaseKind::MariaDb {
        held.execute_unprepared("UNLOCK TABLES").await.unwrap();
    }
    held.commit().await.unwrap();
    migrating.await.unwrap().unwrap();
    assert_eq!(db.pending_migrations().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_migration_on_postgres() {
    migrating_may_take_longer_than_a_transaction_may_stand_still(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_migration_on_mariadb() {
    migrating_may_take_longer_than_a_transaction_may_stand_still(DatabaseKind::MariaDb).await;
}
