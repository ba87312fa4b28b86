//! A database in trouble: what stands still in a transaction, or is silent without being gone, holds up nobody for long, and is
//! not taken for committed.

use std::time::Duration;

use charla_client::Door;
use charla_protocol::{ErrorCode, rooms::Visibility};
use charla_services::{Passage, Weather};
use charla_testing::{DatabaseKind, TestServer};
use sea_orm::ConnectionTrait;
use tokio::time::{Instant, timeout};

use crate::support::{act, behind_a_proxy, drain, open, refusal, say, send_action, text, wait_for_close};

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

const HOLE: Weather = Weather { passage: Passage::Hole, latency: Duration::ZERO, bytes_per_s: None };
/// Twenty seconds until a request is answered, and a few for a busy machine.
const UNTIL_ANSWERED: Duration = Duration::from_secs(25);
/// What is promised for SIGTERM.
const UNTIL_DOWN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_silent_keeps_no_request_waiting() {
    let (server, proxy) = behind_a_proxy().await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    proxy.set(HOLE);
    let message = text(room, "Is anybody there?");
    let (read, written) =
        timeout(UNTIL_ANSWERED, async { tokio::join!(ana.rooms(), ana.send_message(&message)) })
            .await
            .unwrap();
    let read = read.unwrap_err();
    assert_eq!(
        (read.code(), read.retry_after()),
        (Some(ErrorCode::Unavailable), Some(Duration::from_secs(1)))
    );
    assert_eq!(refusal(written), (503, ErrorCode::Unavailable));
    proxy.set(Weather::default());
    say(&ana, room, "Here I am").await;
}

/// With requests and a lane that wait for it, and a socket that is still to be told.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_goes_down_in_time_though_its_database_is_silent() {
    let (mut server, proxy) = behind_a_proxy().await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let mut socket = open(&ana, Door::All).await;
    proxy.set(HOLE);
    let message = text(room, "after");
    let waiting = async { tokio::join!(ana.rooms(), ana.send_message(&message)) };
    let stopping = async {
        // Once the second is answered, the first is under way.
        act(&mut socket, Some(room), None, send_action("after that")).await;
        assert!(drain(&mut socket).await.is_empty());
        let begin = Instant::now();
        let (_, code) = tokio::join!(server.stop(), wait_for_close(&mut socket));
        (begin.elapsed(), code)
    };
    let ((_, written), (took, code)) = tokio::join!(waiting, stopping);
    assert!(took < UNTIL_DOWN, "{took:?}");
    assert_eq!(code, Some(1012));
    assert!(written.is_err(), "nothing is acknowledged that is not committed");
}
