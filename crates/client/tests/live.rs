//! Live clients against a server in this process, on good days and on bad ones.

#![expect(clippy::unwrap_used, reason = "clippy lets tests unwrap, but not their helpers")]

mod fake;
mod model;

use std::{collections::HashMap, time::Duration};

use charla_client::{Backoff, Client, Error, LiveClient, LiveOptions, Status};
use charla_protocol::{ErrorCode, auth::Tokens, events::Event};
use fake::{Fake, Faults};
use model::{room_id, user};
use rand::{Rng, SeedableRng, rngs::StdRng};

const SOON: Duration = Duration::from_secs(60);

fn client(fake: &Fake, number: u128) -> Client {
    let client = Client::new(&fake.address).unwrap();
    client.set_tokens(Some(Tokens {
        access: format!("user-{number}"),
        refresh: format!("refresh-{number}.0"),
    }));
    client
}

fn live(fake: &Fake, number: u128) -> LiveClient {
    let options = LiveOptions {
        seed: Some(u64::try_from(number).unwrap()),
        page: 7,
        too_far: 40,
        backoff: Backoff { first: Duration::from_millis(5), longest: Duration::from_millis(50) },
        answer_within: Duration::from_millis(500),
        ..LiveOptions::default()
    };
    LiveClient::start(client(fake, number), options)
}

#[tokio::test]
async fn a_message_is_acked_and_seen_by_everybody() {
    let fake = Fake::start(1).await;
    let (ana, ben) = (live(&fake, 1), live(&fake, 2));
    ben.online(SOON).await.unwrap();
    let sent = ana.room(room_id()).send("hello").await.unwrap();
    let seen = ben
        .wait_until(room_id(), |room| room.is_current && room.contents() == ["hello"], SOON)
        .await
        .unwrap();
    assert_eq!(seen.messages[0].id, sent.id);
    assert_eq!(seen.messages[0].client_id.as_deref(), Some(sent.client_id.as_str()));
}

#[tokio::test]
async fn what_was_missed_while_cut_off_comes_with_the_next_hello() {
    let fake = Fake::start(2).await;
    let ana = live(&fake, 1);
    ana.online(SOON).await.unwrap();
    ana.room(room_id()).send("before").await.unwrap();
    ana.wait_until(room_id(), |room| room.is_current && room.revision == 1, SOON).await.unwrap();
    fake.state.lock().faults.lose = 1.0;
    for number in 0..30 {
        fake.store(2, &format!("missed {number}"), None);
    }
    fake.change(|room| room.edit(0, "edited"), Event::MessageEdited);
    fake.state.lock().faults = Faults::default();
    ana.cut();
    let room = ana.wait_until(room_id(), |room| room.revision == 32, SOON).await.unwrap();
    assert_eq!(room.contents(), fake.contents());
    assert_eq!(fake.state.lock().asked_pages, 1, "caught up by changes, not by loading anew");
}

#[tokio::test]
async fn too_far_behind_the_newest_page_is_loaded_and_older_ones_on_demand() {
    let fake = Fake::start(3).await;
    let ana = live(&fake, 1);
    ana.room(room_id()).send("first").await.unwrap();
    ana.wait_until(room_id(), |room| room.is_current && room.revision == 1, SOON).await.unwrap();
    fake.state.lock().faults.lose = 1.0;
    for number in 0..60 {
        fake.store(2, &format!("missed {number}"), None);
    }
    fake.state.lock().faults = Faults::default();
    ana.cut();
    let room = ana.wait_until(room_id(), |room| room.revision == 61, SOON).await.unwrap();
    assert_eq!(room.messages.len(), 7);
    while ana.room(room_id()).load_older(Some(20)).await.unwrap() {}
    let room = ana.room(room_id()).snapshot().unwrap();
    assert_eq!(room.contents(), fake.contents());
    assert!(!room.has_older);
}

#[tokio::test]
async fn a_final_refusal_reaches_the_sender_and_holds_up_nothing() {
    let fake = Fake::start(4).await;
    let room = live(&fake, 1).room(room_id());
    let (blank, text) = (room.send("  "), room.send("text"));
    assert_eq!(blank.await.unwrap_err().code(), Some(ErrorCode::ValidationFailed));
    text.await.unwrap();
    assert_eq!(fake.contents(), ["text"]);
}

/// Five people send through every fault there is; an editor changes what they said.
async fn bad_day(seed: u64) {
    let fake = Fake::start(seed).await;
    let people: Vec<LiveClient> = (1..=5).map(|number| live(&fake, number)).collect();
    fake.state.lock().faults = Faults::all();
    let receipts: Vec<_> = (0..30)
        .flat_map(|text| people.iter().enumerate().map(move |(who, person)| (who, text, person)))
        .map(|(who, text, person)| person.room(room_id()).send(format!("{} says {text}", who + 1)))
        .collect();
    let mut random = StdRng::seed_from_u64(seed);
    for (number, receipt) in receipts.into_iter().enumerate() {
        receipt.await.unwrap();
        let index = random.random_range(0..1_000);
        match random.random_range(0..6) {
            0 => fake.change(|room| room.react(index, &number.to_string()), Event::MessageEdited),
            1 => fake.change(|room| room.delete(index), Event::MessageDeleted),
            2 => people[random.random_range(0..5)].cut(),
            _ => {}
        }
    }
    fake.state.lock().faults = Faults::default();
    let end = people[0].room(room_id()).send("the end").await.unwrap();
    let revision = fake.state.lock().room.revision;
    for person in &people {
        let room = person
            .wait_until(room_id(), |room| room.is_current && room.revision == revision, SOON)
            .await
            .unwrap();
        assert_eq!(room.messages.last().unwrap().id, end.id);
        while person.room(room_id()).load_older(Some(50)).await.unwrap() {}
        let shown = person.room(room_id()).snapshot().unwrap();
        let fresh: Vec<_> = fake.state.lock().room.visible().cloned().collect();
        assert!(shown.messages.iter().map(AsRef::as_ref).eq(&fresh), "shown is not what is stored");
    }
    check_stored_once_and_in_order(&fake);
}

fn check_stored_once_and_in_order(fake: &Fake) {
    let state = fake.state.lock();
    let mut said: HashMap<_, usize> = HashMap::new();
    for message in state.room.messages.values().filter(|message| !message.is_deleted) {
        if let Some((_, number)) = message.content.split_once(" says ") {
            let number: usize = number.parse().unwrap();
            let before = said.insert(message.sender.id, number);
            assert!(
                before.is_none_or(|before| before < number),
                "{} twice, or out of order",
                message.content
            );
        }
    }
    assert_eq!(state.room.messages.len(), 5 * 30 + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_bad_day_nothing_is_lost_doubled_or_out_of_order() {
    for seed in 0..5 {
        bad_day(seed).await;
    }
}

#[tokio::test]
async fn many_calls_with_a_stale_token_refresh_once() {
    let fake = Fake::start(5).await;
    let client = client(&fake, 1);
    fake.state.lock().generation.insert(1, 7);
    let calls = (0..20).map(|_| client.room_changes(room_id(), 0, Some(5)));
    for answer in futures_util::future::join_all(calls).await {
        answer.unwrap();
    }
    assert_eq!(fake.state.lock().spent, ["refresh-1.0"]);
    assert_eq!(client.tokens().unwrap().access, "user-1.8");
}

#[tokio::test]
async fn a_socket_is_opened_with_a_fresh_token_and_a_lost_session_is_the_end() {
    let fake = Fake::start(6).await;
    let ana = live(&fake, 1);
    ana.online(SOON).await.unwrap();
    fake.state.lock().generation.insert(1, 7);
    ana.cut();
    ana.status().wait_for(|status| *status == Status::Waiting).await.unwrap();
    ana.online(SOON).await.unwrap();
    assert_eq!(fake.state.lock().spent, ["refresh-1.0"]);

    fake.state.lock().spent.push("refresh-1.8".to_owned());
    fake.state.lock().generation.insert(1, 9);
    ana.cut();
    ana.status().wait_for(|status| matches!(status, Status::Ended(_))).await.unwrap();
    let refused = ana.room(room_id()).send("too late").await;
    assert!(matches!(refused, Err(Error::Ended(_))), "{refused:?}");
}

#[tokio::test]
async fn a_send_over_rest_is_stored_once_whatever_its_repeats() {
    let fake = Fake::start(7).await;
    let client = client(&fake, 1);
    let message = charla_protocol::messages::SendMessage {
        room: room_id(),
        content: "once".to_owned(),
        message_type: charla_protocol::messages::MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: Some("name".to_owned()),
    };
    let (first, again) =
        (client.send_message(&message).await.unwrap(), client.send_message(&message).await.unwrap());
    assert!(first.is_new && !again.is_new);
    assert_eq!(first.value, again.value);
    assert_eq!(first.value.sender.id, user(1).id);
}
