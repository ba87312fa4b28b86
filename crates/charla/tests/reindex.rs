//! `charla reindex`, killed in the middle and started again: the index is as if nothing had happened.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

use std::process::Stdio;

use charla_db::{Connection, Db, tables::messages};
use charla_testing::{DatabaseKind, TestDb, search_index};
use sea_orm::{
    EntityTrait, IntoActiveModel, Value,
    sea_query::{Alias, Expr, Query},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};
use uuid::Uuid;

/// Messages of each room: of four segments.
const MESSAGES: i64 = 4_000;
const ROOMS: u128 = 3;

async fn is_written_in_the_end(kind: DatabaseKind) {
    let test_db = TestDb::create(kind).await;
    let db = test_db.connect().await;
    db.migrate().await.unwrap();
    for room in 1..=ROOMS {
        fill(&db, Uuid::from_u128(room)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let reached = kill_in_the_middle(&folder, &test_db).await;
    assert!(reached < 100, "it was done before it was killed");
    let part = search_index(&db).await;
    assert!(!part.is_empty());

    let printed = run(&folder, &test_db).await;
    let first = printed.lines().next().unwrap().strip_prefix("going on at ").expect("not from the beginning");
    assert!(first.trim_end_matches(" %").parse::<u64>().unwrap() >= reached, "{printed}");
    assert!(printed.ends_with("100 %\nThe index is written.\n"), "{printed}");
    let whole = search_index(&db).await;
    assert!(whole.len() > part.len());

    let printed = run(&folder, &test_db).await;
    assert!(printed.starts_with("0 %\n"), "{printed}");
    assert!(search_index(&db).await == whole, "at one go it is the same");
    db.close().await.unwrap();
}

/// A room with messages, as an older version has left them.
async fn fill(db: &Db, room: Uuid) {
    let tx = db.begin().await.unwrap();
    let nobody: Value = Value::Uuid(None);
    let mut insert = Query::insert();
    let values: [(&str, Value); 18] = [
        ("id", room.into()),
        ("room_type", "group".into()),
        ("visibility", "private".into()),
        ("history", "all".into()),
        ("name", "A room".into()),
        ("name_key", "a room".into()),
        ("slug", "a-room".into()),
        ("topic", "".into()),
        ("avatar_id", nobody.clone()),
        ("created_by", nobody.clone()),
        ("is_active", true.into()),
        ("created_at", 0_i64.into()),
        ("revision", MESSAGES.into()),
        ("member_count", 0_i64.into()),
        ("last_message_id", nobody),
        ("last_seq", MESSAGES.into()),
        ("last_activity_at", 0_i64.into()),
        ("direct_key", Value::String(None)),
    ];
    insert
        .into_table(Alias::new("rooms"))
        .columns(values.iter().map(|(column, _)| Alias::new(*column)))
        .values_panic(values.iter().map(|(_, value)| Expr::val(value.clone())));
    tx.execute(&insert).await.unwrap();
    let rows: Vec<_> = (1..=MESSAGES).map(|seq| message(room, seq).into_active_model()).collect();
    for rows in rows.chunks(500) {
        messages::Entity::insert_many(rows.to_vec()).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn message(room: Uuid, seq: i64) -> messages::Model {
    messages::Model {
        id: Uuid::from_u128(room.as_u128() << 32 | u128::from(seq.unsigned_abs())),
        room_id: room,
        seq,
        revision: seq,
        sender_id: room,
        message_type: "text".to_owned(),
        content: format!("common word{} number{seq}", seq % 100),
        content_html: String::new(),
        system: None,
        reply_to_id: None,
        client_id: None,
        created_at: seq,
        edited_at: None,
        deleted_at: None,
    }
}

fn reindex(folder: &TempDir, db: &TestDb) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_charla"));
    command
        .arg("reindex")
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Kills it once it has said to be at a fifth or more, and gives how far it was.
async fn kill_in_the_middle(folder: &TempDir, db: &TestDb) -> u64 {
    let mut child = reindex(folder, db).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("it says how far it is");
        let percent: u64 = line.trim_end_matches(" %").parse().unwrap();
        if percent >= 20 {
            child.kill().await.unwrap();
            return percent;
        }
    }
}

async fn run(folder: &TempDir, db: &TestDb) -> String {
    let output = reindex(folder, db).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_again_on_sqlite() {
    is_written_in_the_end(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_again_on_postgres() {
    is_written_in_the_end(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_again_on_mariadb() {
    is_written_in_the_end(DatabaseKind::MariaDb).await;
}
