//! Receivers that are slow, or gone without a word: they cost nobody else anything, and are found out in time.

use std::time::{Duration, Instant};

use charla_client::{Client, Door};
use charla_protocol::{RoomId, events::Event, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};
use futures_util::{StreamExt, stream};

use crate::support::{drain, open, say, wait_for};

/// More than the system keeps for a connection, and a queue on top of it.
const MESSAGES: usize = 1_200;

/// Fills whatever is between the server and who follows the room.
async fn fill(client: &Client, room: RoomId) {
    let text = "x".repeat(10_000);
    stream::iter(0..MESSAGES)
        .for_each_concurrent(16, |_| async { drop(say(client, room, &text).await) })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_loses_the_queue_and_is_told_so() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let mut slow = open(&bob, Door::All).await;
    let mut quick = open(&bob, Door::All).await;
    let reading = async {
        for number in 1.. {
            let revision = wait_for(&mut quick, |event| match event {
                Event::Message(message) => Some(message.revision),
                Event::Resync(_) => panic!("who reads loses nothing"),
                _ => None,
            })
            .await;
            assert_eq!(revision, number);
            if revision == MESSAGES as i64 {
                break;
            }
        }
    };
    tokio::join!(fill(&ana, room), reading);
    let mut told = 0;
    wait_for(&mut slow, |event| {
        told += usize::from(matches!(event, Event::Message(_)));
        matches!(event, Event::Resync(_)).then_some(())
    })
    .await;
    assert!(told < MESSAGES);
    // From there on the socket is as good as any.
    drain(&mut slow).await;
    say(&ana, room, "on").await;
    wait_for(&mut slow, |event| {
        matches!(event, Event::Message(message) if message.content == "on").then_some(())
    })
    .await;
}

/// The other end answers nothing any more, and there is no room left to write to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_in_the_middle_of_a_write_is_given_up_in_time() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let _cut_off = open(&bob, Door::All).await;
    fill(&ana, room).await;
    assert!(server.app.hub.is_online(bob_user.user.id));
    let begun = Instant::now();
    server.clock.advance(Duration::from_secs(27));
    while server.app.hub.is_online(bob_user.user.id) {
        assert!(begun.elapsed() < Duration::from_secs(20), "a write to nobody is waited for");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
