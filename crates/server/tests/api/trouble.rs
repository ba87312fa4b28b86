//! A database in trouble: what stands still in a transaction, or is silent without being gone, holds up nobody for long, and is
//! not taken for committed.

use std::{sync::Arc, time::Duration};

use charla_client::{Door, Incoming, Place};
use charla_db::{Db, Error, Notice};
use charla_protocol::{ErrorCode, events::Event, messages::SendMessage, rooms::Visibility};
use charla_services::{Cut, Passage, Weather};
use charla_testing::{DatabaseKind, PASSWORD, TestDb, TestServer};
use sea_orm::ConnectionTrait;
use tokio::time::{Instant, timeout};

use crate::support::{
    act, behind_a_proxy, drain, open, proxied, refusal, say, send_action, somebody_waits, text, wait_for,
    wait_for_close,
};

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
    let page = ana.room_messages(room, Place::Newest, None).await.unwrap();
    assert_eq!(page.results.last().map(|message| message.id), Some(said.id));
}

/// What waits for an answer when the way vanishes is waited for no longer than this, with what a busy machine takes.
const GIVEN_UP: Duration = Duration::from_secs(15 + 15);

/// Connections that nobody used meanwhile are gone: whoever wants one gets another.
async fn idle_connections_that_vanish(kind: DatabaseKind) {
    let db = TestDb::create(kind).await;
    let (url, proxy) = proxied(&db.url).await;
    let through = Db::connect(&url, 4).await.unwrap();
    for db in [through.begin().await.unwrap(), through.snapshot().await.unwrap()] {
        db.commit().await.unwrap();
    }
    // From then on they are asked before they are used.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    proxy.vanish();
    for _ in 0..2 {
        through.ping().await.unwrap();
        through.begin().await.unwrap().commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_vanish_on_postgres() {
    idle_connections_that_vanish(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_vanish_on_mariadb() {
    idle_connections_that_vanish(DatabaseKind::MariaDb).await;
}

/// What looks for messages has asked, and never gets an answer: nobody says that the way is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_vanishes_ends_no_watch() {
    let db = Arc::new(TestDb::create(DatabaseKind::Postgres).await);
    let (server, proxy) = behind_a_proxy(db.clone()).await;
    let direct = db.connect().await;
    let silent = server
        .beside({
            let url = db.url.clone();
            move |config| config.database_url.clone_from(&url)
        })
        .await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let mut socket = open(&ana, Door::All).await;
    // While the link is away it looks each second.
    server.wire.cut();
    let lock = direct.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE rooms IN ACCESS EXCLUSIVE MODE").await.unwrap();
    somebody_waits(&direct).await;
    proxy.vanish();
    lock.commit().await.unwrap();
    let far = silent.anonymous();
    far.login("ana", PASSWORD).await.unwrap();
    say(&far, room, "Is anybody there?").await;
    let told = timeout(GIVEN_UP, async {
        loop {
            if let Incoming::Frame(frame) = socket.next().await.unwrap()
                && let Event::Message(message) = frame.event
            {
                return message.content;
            }
        }
    });
    assert_eq!(told.await.expect("it is found"), "Is anybody there?");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stands_still_on_postgres() {
    a_transaction_that_stands_still(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_stands_still_on_mariadb() {
    a_transaction_that_stands_still(DatabaseKind::MariaDb).await;
}

/// A question that is under way when its connection vanishes is put once more on another: what follows it waits for no longer.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_vanishes_holds_up_no_telling() {
    let db = Arc::new(TestDb::create(DatabaseKind::Postgres).await);
    let (server, proxy) = behind_a_proxy(db.clone()).await;
    let direct = db.connect().await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let mut socket = open(&ana, Door::All).await;
    let lock = direct.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let telling = tokio::spawn({
        let app = server.app.clone();
        async move { app.tell(vec![Notice::RoomUpdated(room)]).await }
    });
    somebody_waits(&direct).await;
    proxy.vanish();
    lock.commit().await.unwrap();
    let begin = Instant::now();
    telling.await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(12), "{:?}", begin.elapsed());
    wait_for(&mut socket, |event| matches!(event, Event::RoomUpdated(_)).then_some(())).await;
}

/// That somebody is out of a room can't be read any more: they hear nothing of it all the same.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_have_been_removed_hears_nothing_while_the_database_is_silent() {
    let (server, proxy) = behind_a_proxy(Arc::new(TestDb::create(DatabaseKind::Postgres).await)).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room_id = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let mut bobs = open(&bob, Door::All).await;
    proxy.set(HOLE);
    let removed = Notice::RoomRemoved { user_id: bob_user.user.id, room_id };
    server.app.tell(vec![removed]).await;
    let told = drain(&mut bobs).await;
    assert!(told.iter().any(|event| matches!(event, Event::RoomRemoved(_))), "{told:?}");
    // He is there, as is found once it can be read.
    proxy.set(Weather::default());
    wait_for(&mut bobs, |event| matches!(event, Event::RoomAdded(_)).then_some(())).await;
}

const HOLE: Weather = Weather { passage: Passage::Hole, latency: Duration::ZERO, bytes_per_s: None };
/// Twenty seconds until a request is answered, and a few for a busy machine.
const UNTIL_ANSWERED: Duration = Duration::from_secs(25);
/// What is promised for SIGTERM.
const UNTIL_DOWN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_silent_keeps_no_request_waiting() {
    let (server, proxy) = behind_a_proxy(Arc::new(TestDb::create(DatabaseKind::Postgres).await)).await;
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
    let (mut server, proxy) = behind_a_proxy(Arc::new(TestDb::create(DatabaseKind::Postgres).await)).await;
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

/// Asks until there is an answer: other connections were cut as well, and are replaced one after the other.
async fn repeated<T: std::fmt::Debug, F: Future<Output = charla_client::Result<T>>>(
    ask: impl Fn() -> F,
) -> T {
    loop {
        match ask().await {
            Ok(answer) => return answer,
            refused => assert_eq!(refusal(refused), (503, ErrorCode::Unavailable)),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The COMMIT is under way when the connection breaks, and goes through all the same: whoever sends again has one message.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_at_the_commit() {
    let db = Arc::new(TestDb::create(DatabaseKind::Postgres).await);
    let (server, proxy) = behind_a_proxy(db.clone()).await;
    let direct = db.connect().await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let mut socket = open(&ana, Door::All).await;
    for statement in [
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION wait()",
    ] {
        direct.read().execute_unprepared(statement).await.unwrap();
    }
    let lock = direct.begin().await.unwrap();
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(1)").await.unwrap();
    let message = SendMessage { client_id: Some("once".to_owned()), ..text(room, "once") };
    let sending = tokio::spawn({
        let (ana, message) = (ana.clone(), message.clone());
        async move { ana.send_message(&message).await }
    });
    somebody_waits(&direct).await;
    proxy.cut(Cut::Reset);
    assert_eq!(refusal(sending.await.unwrap()), (503, ErrorCode::Unavailable));
    lock.commit().await.unwrap();
    let said = repeated(|| ana.send_message(&message)).await.value;
    let page = repeated(|| ana.room_messages(room, Place::Newest, None)).await;
    assert_eq!(page.results.iter().map(|message| message.id).collect::<Vec<_>>(), [said.id]);
    let told = wait_for(&mut socket, |event| match event {
        Event::Message(message) => Some(message.id),
        _ => None,
    })
    .await;
    assert_eq!(told, said.id, "found, though nobody could tell it");
}

/// Nobody waits for ever for a connection that others hold.
#[tokio::test(flavor = "multi_thread")]
async fn when_all_connections_are_held_requests_are_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let mut held = Vec::new();
    while let Ok(Ok(tx)) = timeout(Duration::from_secs(3), server.app.db.snapshot()).await {
        held.push(tx);
    }
    assert!(!held.is_empty());
    let refused =
        timeout(Duration::from_secs(20), ana.me()).await.expect("ten seconds, and what a machine takes");
    assert_eq!(refusal(refused), (503, ErrorCode::Unavailable));
    drop(held);
    ana.me().await.unwrap();
}

/// What comes of a failure that the server reports.
async fn is_taken_for(db: &Db, statement: &str) -> &'static str {
    let error = db.read().execute_unprepared(statement).await.unwrap_err();
    match Error::from(error) {
        Error::Duplicate => "duplicate",
        Error::Busy(_) => "busy",
        Error::Unavailable(_) => "unavailable",
        _ => "a defect",
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
#[tokio::test]
async fn what_postgres_reports() {
    let db = TestDb::create(DatabaseKind::Postgres).await.connect().await;
    for (codes, kind) in [
        (&["23505"][..], "duplicate"),
        (&["40001", "40P01", "55P03"], "busy"),
        (
            &["08000", "08003", "08006", "53100", "53200", "53300", "57014", "57P01", "57P02", "57P03"],
            "unavailable",
        ),
        (&["25006", "25P03", "25P04", "57P05", "58030"], "unavailable"),
        (&["22001", "23503", "42601", "42P01", "P0001", "XX000"], "a defect"),
    ] {
        for code in codes {
            let raise = format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$");
            assert_eq!(is_taken_for(&db, &raise).await, kind, "{code}");
        }
    }
}

/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>
#[tokio::test]
async fn what_mariadb_reports() {
    let db = TestDb::create(DatabaseKind::MariaDb).await.connect().await;
    for (numbers, kind) in [
        (&[1062][..], "duplicate"),
        (&[1020, 1205, 1213], "busy"),
        (
            &[1021, 1037, 1040, 1053, 1114, 1158, 1160, 1203, 1290, 1317, 1792, 1836, 1927, 1969, 4031],
            "unavailable",
        ),
        (&[1048, 1054, 1064, 1146, 1406, 1452], "a defect"),
    ] {
        for number in numbers {
            let raise =
                format!("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'a test'");
            assert_eq!(is_taken_for(&db, &raise).await, kind, "{number}");
        }
    }
}
