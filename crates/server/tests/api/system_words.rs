//! What the server itself says in a room: in the reader's language over REST, in English in events.

use charla_client::{Client, Door, MessageSearch, Place};
use charla_protocol::{
    MessageId, RoomId,
    events::Event,
    messages::{Message, SendMessage, SystemEventKind},
    rooms::{Room, UpdateRoom, Visibility},
    users::{Language, UpdateMe},
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use crate::support::{open, say, text, wait_for};

const ENGLISH: [&str; 5] =
    ["Bob & Co joined", "ana added eve", "ana removed eve", "ana renamed the room to “007”", "Bob & Co left"];
const SPANISH: [&str; 5] = [
    "Bob & Co se ha unido",
    "ana ha añadido a eve",
    "ana ha expulsado a eve",
    "ana ha cambiado el nombre de la sala a «007»",
    "Bob & Co ha salido",
];

/// A room in which everything has happened once, in the order of the texts above.
async fn eventful(server: &TestServer, ana: &Client) -> RoomId {
    let (bob, _) = server.person("bob").await;
    let (_, eve) = server.person("eve").await;
    let name = UpdateMe { display_name: Some("Bob & Co".to_owned()), ..UpdateMe::default() };
    bob.update_me(&name).await.unwrap();
    let room = server.group(ana, Visibility::Public, &[]).await.id;
    bob.join_room(room).await.unwrap();
    ana.add_members(room, vec![eve.user.id]).await.unwrap();
    ana.remove_member(room, eve.user.id).await.unwrap();
    let name = UpdateRoom { name: Some("007".to_owned()), ..UpdateRoom::default() };
    ana.update_room(room, &name).await.unwrap();
    bob.leave_room(room).await.unwrap();
    room
}

fn contents(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}

fn last(room: &Room) -> &str {
    &room.last_message.as_ref().unwrap().content
}

/// Answers a message in a word.
async fn answer(client: &Client, room: RoomId, to: MessageId) -> Message {
    let answer = SendMessage { reply_to_id: Some(to), ..text(room, "@ana indeed") };
    client.send_message(&answer).await.unwrap().value
}

fn quoted(message: &Message) -> &str {
    &message.reply_to.as_ref().unwrap().content
}

on_each_database! {
    async fn each_place_that_shows_a_message_words_it(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = eventful(&server, &ana).await;
        for (language, expected) in [("en", ENGLISH), ("es-MX", SPANISH), ("fr", ENGLISH)] {
            ana.set_language(Some(language));
            let timeline = ana.room_messages(room, Place::Newest, None).await.unwrap().results;
            assert_eq!(contents(&timeline), expected);
            assert_eq!(contents(&ana.room_changes(room, 0, None).await.unwrap().results), expected);
            let mut newest_first = ana.messages(Some(room), None).await.unwrap().results;
            newest_first.reverse();
            assert_eq!(contents(&newest_first), expected);
            let one = ana.message(timeline[0].id).await.unwrap();
            assert_eq!((one.content.as_str(), one.system.unwrap().event), (expected[0], SystemEventKind::MemberJoined));
            assert_eq!(one.content_html, format!("<p>{}</p>", expected[0].replace('&', "&amp;")));
            assert_eq!(last(&ana.room(room).await.unwrap()), expected[4]);
            assert_eq!(last(&ana.rooms().await.unwrap().results[0]), expected[4]);
            let same = UpdateRoom { topic: Some(language.to_owned()), ..UpdateRoom::default() };
            assert_eq!(last(&ana.update_room(room, &same).await.unwrap()), expected[4]);
        }
    }

    async fn a_quote_is_worded_as_what_it_quotes(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (luis, luis_user) = server.person("luis").await;
        let room = eventful(&server, &ana).await;
        ana.add_members(room, vec![luis_user.user.id]).await.unwrap();
        let renamed = ana.room_messages(room, Place::Newest, None).await.unwrap().results[3].id;
        let sent = answer(&luis, room, renamed).await;
        ana.pin(room, sent.id).await.unwrap();
        for (language, expected) in [("en", ENGLISH[3]), ("es", SPANISH[3])] {
            ana.set_language(Some(language));
            let shown = [
                ana.message(sent.id).await.unwrap(),
                ana.message_replies(renamed).await.unwrap().results.remove(0),
                ana.mentions().await.unwrap().results.remove(0),
                ana.search_messages(&MessageSearch::of("indeed")).await.unwrap().results.remove(0).message,
                ana.pins(room).await.unwrap().results.remove(0).message,
                ana.pin(room, sent.id).await.unwrap().value.message,
                ana.react(sent.id, "👍").await.unwrap(),
                ana.rooms().await.unwrap().results.remove(0).last_message.unwrap(),
            ];
            for message in &shown {
                assert_eq!(quoted(message), expected);
                assert_eq!(message.reply_to.as_ref().unwrap().system.as_ref().unwrap().name.as_deref(), Some("007"));
            }
            luis.set_language(Some(language));
            assert_eq!(quoted(&answer(&luis, room, renamed).await), expected, "the answer to a send");
            let edited = luis.edit_message(sent.id, &format!("@ana indeed {language}")).await.unwrap();
            assert_eq!(quoted(&edited), expected);
        }
    }

    async fn the_language_of_the_account_counts_more_than_that_of_the_request(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = eventful(&server, &ana).await;
        let spanish = UpdateMe { language: Some(Some(Language::Es)), ..UpdateMe::default() };
        ana.update_me(&spanish).await.unwrap();
        ana.set_language(Some("en"));
        assert_eq!(contents(&ana.room_messages(room, Place::Newest, None).await.unwrap().results), SPANISH);
    }
}

/// They are the same bytes for all.
#[tokio::test]
async fn events_are_in_english_whoever_gets_them() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let spanish = UpdateMe { language: Some(Some(Language::Es)), ..UpdateMe::default() };
    bob.update_me(&spanish).await.unwrap();
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    say(&ana, room, "hello").await;
    let mut bobs = open(&bob, Door::All).await;
    ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
    let added = wait_for(&mut bobs, |event| match event {
        Event::RoomAdded(room) => Some(room),
        _ => None,
    })
    .await;
    assert_eq!(last(&added), "ana added bob");
    let name = UpdateRoom { name: Some("Garden".to_owned()), ..UpdateRoom::default() };
    ana.update_room(room, &name).await.unwrap();
    let renamed = wait_for(&mut bobs, |event| match event {
        Event::Message(message) if message.content.contains("Garden") => Some(message),
        _ => None,
    })
    .await;
    assert_eq!(renamed.content, "ana renamed the room to “Garden”");
    assert_eq!(renamed.content_html, "<p>ana renamed the room to “Garden”</p>");
    let sent = answer(&bob, room, renamed.id).await;
    assert_eq!(quoted(&sent), "ana ha cambiado el nombre de la sala a «Garden»");
    let told = wait_for(&mut bobs, |event| match event {
        Event::Message(message) if message.id == sent.id => Some(message),
        _ => None,
    })
    .await;
    assert_eq!(quoted(&told), "ana renamed the room to “Garden”");
}
