//! Every message once, in one order, whatever is lost on the way.

use std::{collections::VecDeque, time::Duration};

use charla_broker::Audience;
use charla_client::{Client, Door, LiveClient, LiveOptions, Outcome, Place, RoomTimeline, Socket};
use charla_protocol::{
    RoomId,
    events::Event,
    messages::Message,
    rooms::{UpdateRoom, Visibility},
    users::UpdateMe,
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tokio::task::JoinSet;

use crate::support::{drain, open, say};

const PATIENCE: Duration = Duration::from_secs(60);

/// The message that an event carries.
fn message(event: Event) -> Option<Message> {
    match event {
        Event::Message(message) | Event::MessageEdited(message) | Event::MessageDeleted(message) => {
            Some(*message)
        }
        Event::Reaction(reacted) => Some(reacted.message),
        _ => None,
    }
}

/// A message without what REST answers add to it.
fn as_told(mut message: Message) -> Message {
    message.reactions.iter_mut().for_each(|reaction| reaction.me = None);
    message
}

/// Sends, edits, deletes and reactions of one person, by chance.
async fn chatter(client: Client, room: RoomId, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut own = Vec::new();
    for number in 0..25 {
        match random.random_range(0..10) {
            0..=1 if !own.is_empty() => {
                let id = own[random.random_range(0..own.len())];
                client.edit_message(id, &format!("edit {number}")).await.unwrap();
            }
            2 if !own.is_empty() => {
                let id = own.swap_remove(random.random_range(0..own.len()));
                client.delete_message(id).await.unwrap();
            }
            3..=4 if !own.is_empty() => {
                let id = own[random.random_range(0..own.len())];
                if random.random_bool(0.6) {
                    client.react(id, "👍").await.unwrap();
                } else {
                    client.unreact(id, "👍").await.unwrap();
                }
            }
            _ => own.push(say(&client, room, &format!("{seed}-{number}")).await.id),
        }
    }
}

/// Loses, doubles and mixes up events.
fn spoil(events: Vec<Message>, random: &mut StdRng) -> VecDeque<Message> {
    let mut spoilt = Vec::new();
    for event in events {
        match random.random_range(0..10) {
            0..=2 => {}
            3 => spoilt.extend([event.clone(), event]),
            _ => spoilt.push(event),
        }
    }
    for window in spoilt.chunks_mut(4) {
        if random.random_bool(0.3) {
            window.shuffle(random);
        }
    }
    spoilt.into()
}

/// Follows the client's rule with what is left of the events.
async fn follow(
    client: &Client,
    room: RoomId,
    timeline: &mut RoomTimeline,
    events: VecDeque<Message>,
    random: &mut StdRng,
) {
    for event in events {
        let before = timeline.revision();
        if let Outcome::Gap(gap) = timeline.apply(event)
            && random.random_bool(0.5)
        {
            let limit = random.random_range(1..20);
            let page = client.room_changes(room, gap.since, Some(limit)).await.unwrap();
            timeline.apply_changes(gap, &page);
        }
        assert!(timeline.revision() >= before);
    }
}

async fn catch_up(client: &Client, room: RoomId, timeline: &mut RoomTimeline) {
    timeline.resync();
    while let Some(gap) = timeline.gap() {
        let page = client.room_changes(room, gap.since, Some(7)).await.unwrap();
        timeline.apply_changes(gap, &page);
    }
}

async fn messages_of(socket: &mut Socket) -> Vec<Message> {
    drain(socket).await.into_iter().filter_map(message).collect()
}

on_each_database! {
    /// The property: any interleaving of sends, edits, deletes, reactions and lost events, followed by the client's rule,
    /// ends in what a fresh fetch shows.
    async fn the_clients_rule_ends_in_what_a_fresh_fetch_shows(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        for seed in 0..6 {
            let mut random = StdRng::seed_from_u64(seed);
            let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
            let mut socket = open(&bob, Door::All).await;
            let mut timeline = RoomTimeline::new();
            let gap = timeline.gap().unwrap();
            let newest = bob.room_messages(room, Place::Newest, None).await.unwrap();
            timeline.load_newest(gap, &newest);
            let mut talk = JoinSet::new();
            for (number, client) in [&ana, &bob, &ana].into_iter().enumerate() {
                talk.spawn(chatter(client.clone(), room, seed * 10 + number as u64));
            }
            while !talk.is_empty() {
                let finished = tokio::time::timeout(Duration::from_millis(20), talk.join_next()).await;
                if let Ok(Some(done)) = finished {
                    done.unwrap();
                }
                let events = spoil(messages_of(&mut socket).await, &mut random);
                follow(&bob, room, &mut timeline, events, &mut random).await;
            }
            catch_up(&bob, room, &mut timeline).await;
            let fresh = bob.room_messages(room, Place::Newest, Some(200)).await.unwrap();
            let shown: Vec<Message> = timeline.messages().map(|message| as_told((**message).clone())).collect();
            assert_eq!(shown, fresh.results.into_iter().map(as_told).collect::<Vec<_>>(), "seed {seed}");
            assert_eq!(timeline.revision(), fresh.revision, "seed {seed}");
        }
    }

    /// Four live clients whose connections are cut again and again while all of them write: each ends with the same
    /// room, every message once, in one order.
    async fn live_clients_agree_although_their_connections_are_cut(server: TestServer) {
        let mut people = Vec::new();
        for number in 0..4 {
            people.push(server.person(&format!("person{number}")).await);
        }
        let members: Vec<_> = people[1..].iter().map(|(_, me)| me).collect();
        let room = server.group(&people[0].0, Visibility::Private, &members).await.id;
        let live: Vec<LiveClient> = people
            .iter()
            .zip(1..)
            .map(|((client, _), seed)| LiveClient::start(client.clone(), LiveOptions { seed: Some(seed), ..LiveOptions::default() }))
            .collect();
        for client in &live {
            client.online(PATIENCE).await.unwrap();
        }
        let mut writers = JoinSet::new();
        for (number, client) in live.iter().cloned().enumerate() {
            writers.spawn(async move {
                let room = client.room(room);
                for count in 0..15 {
                    let receipt = room.send(format!("{number}-{count}"));
                    if count % 4 == number % 4 {
                        client.cut();
                    }
                    receipt.await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let fresh = people[0].0.room_messages(room, Place::Newest, Some(200)).await.unwrap();
        assert_eq!(fresh.results.len(), 60);
        let seqs: Vec<i64> = fresh.results.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=60).collect::<Vec<_>>());
        for client in &live {
            let shown = client.wait_until(room, |shown| shown.revision == 60 && shown.is_current, PATIENCE).await.unwrap();
            let contents: Vec<&str> = fresh.results.iter().map(|message| message.content.as_str()).collect();
            assert_eq!(shown.contents(), contents);
        }
    }

    /// Somebody new to a room hears of it, and of what is said there from then on, on the socket they have.
    async fn a_socket_follows_the_rooms_its_person_comes_into(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let mut bobs = open(&bob, Door::All).await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        let added = crate::support::wait_for(&mut bobs, |event| match event {
            Event::RoomAdded(room) => Some(room),
            _ => None,
        })
        .await;
        assert_eq!((added.id, added.participant_count), (room, 2));
        let sent = say(&ana, room, "welcome").await;
        let heard = crate::support::wait_for(&mut bobs, |event| {
            message(event).filter(|message| message.system.is_none())
        })
        .await;
        assert_eq!(heard, sent);
    }

    /// What changes in a message is told only to those who can see it, on both doors.
    async fn changes_of_hidden_messages_are_told_to_nobody_from_whom_they_are_hidden(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut sockets = [open(&bob, Door::Room(room)).await, open(&bob, Door::All).await];
        let old = say(&ana, room, "old").await;
        bob.clear_history(room).await.unwrap();
        let added = |event| matches!(event, Event::RoomAdded(_)).then_some(());
        crate::support::wait_for(&mut sockets[1], added).await;
        drain(&mut sockets[0]).await;
        ana.edit_message(old.id, "old and changed").await.unwrap();
        ana.delete_message(old.id).await.unwrap();
        let new = say(&ana, room, "new").await;
        ana.edit_message(new.id, "new and changed").await.unwrap();
        for socket in &mut sockets {
            let mut told = Vec::new();
            crate::support::wait_for(socket, |event| {
                let message = message(event)?;
                told.push(message.id);
                message.is_edited.then_some(())
            })
            .await;
            assert_eq!(told, [new.id; 2]);
        }
    }

    /// What concerns the account comes by the account's door alone.
    async fn a_room_socket_hears_of_its_room_alone(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let other = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let (mut one, mut all) = (open(&bob, Door::Room(room)).await, open(&bob, Door::All).await);
        let elsewhere = say(&ana, other, "elsewhere").await;
        let rename = UpdateRoom { name: Some("Renamed".to_owned()), ..UpdateRoom::default() };
        ana.update_room(room, &rename).await.unwrap();
        let profile = UpdateMe { display_name: Some("Ana López".to_owned()), ..UpdateMe::default() };
        ana.update_me(&profile).await.unwrap();
        bob.mark_read(vec![elsewhere.id]).await.unwrap();
        let kind = |event: &Event| match event {
            Event::Message(message) => format!("message in {}", message.room),
            Event::RoomUpdated(room) => format!("room_updated, last message {:?}", room.last_message),
            Event::ProfileUpdated(user) => format!("profile_updated {}", user.display_name),
            Event::ReadState(state) => format!("read_state {}", state.seq),
            Event::MessagesRead(_) => "messages_read".to_owned(),
            event => panic!("{event:?}"),
        };
        let report = format!("message in {room}");
        let mut told = Vec::new();
        crate::support::wait_for(&mut all, |event| {
            told.push(kind(&event));
            (told.len() == 6).then_some(())
        })
        .await;
        // By now each event is with both sockets.
        assert_eq!(drain(&mut one).await.iter().map(kind).collect::<Vec<_>>(), [report.as_str()]);
        assert!(drain(&mut all).await.is_empty());
        told.sort();
        let mut expected = [
            report,
            format!("message in {other}"),
            "messages_read".to_owned(),
            "profile_updated Ana López".to_owned(),
            "read_state 1".to_owned(),
            "room_updated, last message None".to_owned(),
        ];
        expected.sort();
        assert_eq!(told, expected);
    }
}

/// A receiver that does not read loses events, is told so, and misses nothing: the others wait for nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_socket_is_told_to_resync_and_catches_up() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let mut slow = open(&bob, Door::All).await;
    let first = say(&ana, room, "first").await;
    // More than the queue and what the operating system keeps for a connection.
    let large = Message { content: "x".repeat(60_000), ..first.clone() };
    for _ in 0..600 {
        let event = Event::MessageEdited(Box::new(large.clone()));
        server.app.send_to_room(room, event, Audience::All, None);
    }
    let last = say(&ana, room, "last").await;
    let mut events = 0;
    crate::support::wait_for(&mut slow, |event| {
        events += 1;
        matches!(event, Event::Resync(_)).then_some(())
    })
    .await;
    assert!(events < 602, "{events}");
    let found = bob.room_changes(room, 0, None).await.unwrap();
    assert_eq!((found.results, found.revision), (vec![first, last], 2));
    let after = say(&ana, room, "and on it goes").await;
    let heard = crate::support::wait_for(&mut slow, |event| match event {
        Event::Message(message) if message.id == after.id => Some(message),
        _ => None,
    });
    assert_eq!(*heard.await, after);
}
