//! A database in trouble: what stands still in a transaction holds up nobody for long, and is not taken for committed.

use std::time::Duration;

use charla_protocol::rooms::Visibility;
use charla_testing::{DatabaseKind, TestServer};
use sea_orm::ConnectionTrait;
use tokio::time::{Instant, timeout};

use crate::support::say;

/// Five seconds until the server ends the transaction, and as many for a busy machine.
const HELD_UP: Duration = Duration::from_secs(10);

/// As a node does that is stopped between two statements: SQLite has one, whose locks end with its process.
async fn a_transaction_that_stands_still(kind: DatabaseKind) {
    let server = TestServer::start(kind).await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let stopped = server.app.db.begin().await.unwrap();
    stopped.execute_unprepared("UPDATE rooms SET revision = revision").await.unwrap();
    let begin = Instant::now();
    let said = timeout(HELD_UP, say(&ana, room, "Is anybody there?")).await.expect("nobody waits for it");
    assert!(begin.elapsed() > Duration::from_secs(1), "the room was not locked at all");
    assert!(stopped.commit().await.is_err(), "it has been ended");
    let page = ana.room_messages(room, charla_client::Place::Newest, None).await.unwrap();
    assert_eq!(page.results.last().map(|message| message.id), Some(said.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stands_still_on_postgres() {
    a_transaction_that_stands_still(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stands_still_on_mariadb() {
    a_transaction_that_stands_still(DatabaseKind::MariaDb).await;
}
