//! Receivers that are slow, or gone without a word: they cost nobody else anything, and are found out in time.

use std::time::{Duration, Instant};

use charla_client::{Client, Door, Socket};
use charla_protocol::{events::Event, messages::Message, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};
use futures_util::future::join_all;

use crate::support::{drain, open, say, wait_for};

/// Changes that are more than the system keeps for a connection, and a queue on top of it.
const CHANGES: i64 = 1_200;
/// Those that are told before a reader has to have them.
const STEP: usize = 20;

/// Changes a message again and again, as fast as `reader` reads that: each change is to come, in order.
async fn fill(client: &Client, message: &Message, reader: &mut Socket) {
    let numbers: Vec<i64> = (message.revision + 1..=CHANGES).collect();
    for numbers in numbers.chunks(STEP) {
        let edits = numbers.iter().map(async |number| {
            client.edit_message(message.id, &format!("{number}{}", &message.content[10..])).await.unwrap();
        });
        join_all(edits).await;
        for number in numbers {
            let told = wait_for(reader, |event| match event {
                Event::MessageEdited(message) => Some(message.revision),
                Event::Resync(_) => panic!("who reads loses nothing"),
                _ => None,
            });
            assert_eq!(told.await, *number);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_loses_the_queue_and_is_told_so() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let mut slow = open(&bob, Door::All).await;
    let mut quick = open(&ana, Door::All).await;
    let message = say(&ana, room, &"x".repeat(10_000)).await;
    fill(&ana, &message, &mut quick).await;
    let mut told = 0;
    wait_for(&mut slow, |event| {
        told += i64::from(matches!(event, Event::MessageEdited(_)));
        matches!(event, Event::Resync(_)).then_some(())
    })
    .await;
    assert!(told < CHANGES);
    // From there on the socket is as good as any.
    drain(&mut slow).await;
    ana.edit_message(message.id, "on").await.unwrap();
    wait_for(&mut slow, |event| {
        matches!(event, Event::MessageEdited(message) if message.content == "on").then_some(())
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
    let mut quick = open(&ana, Door::All).await;
    let message = say(&ana, room, &"x".repeat(10_000)).await;
    fill(&ana, &message, &mut quick).await;
    assert!(server.app.hub.is_online(bob_user.user.id));
    let begun = Instant::now();
    server.clock.advance(Duration::from_secs(27));
    while server.app.hub.is_online(bob_user.user.id) {
        assert!(begun.elapsed() < Duration::from_secs(20), "a write to nobody is waited for");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
