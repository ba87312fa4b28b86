//! Reactions to messages.

use charla_client::{Client, Door};
use charla_db::tables;
use charla_protocol::{
    ErrorCode, MessageId,
    actions::Action,
    events::{Event, Reacted},
    messages::Reaction,
    rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use sea_orm::{EntityTrait, IntoActiveModel};
use tokio::task::JoinSet;

use crate::support::{act, open, refusal, say, wait_for};

fn reacted(event: Event) -> Option<Box<Reacted>> {
    match event {
        Event::Reaction(reacted) => Some(reacted),
        _ => None,
    }
}

/// Emoji, count, and whether it is the caller's.
async fn shown(client: &Client, message: MessageId) -> Vec<(String, u64, bool)> {
    let reactions = client.message(message).await.unwrap().reactions;
    reactions
        .into_iter()
        .map(|Reaction { emoji, count, user_ids, me }| {
            assert_eq!(user_ids.len() as u64, count.min(100));
            (emoji, count, me.expect("said over REST"))
        })
        .collect()
}

on_each_database! {
    async fn a_reaction_is_told_and_takes_a_revision(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "one").await;
        let mut anas = open(&ana, Door::All).await;
        let mut bobs = open(&bob, Door::Room(room)).await;
        // The heart without its variation selector is the same emoji.
        let answer = bob.react(sent.id, "\u{2764}").await.unwrap();
        assert_eq!((answer.revision, answer.seq, answer.is_edited), (2, 1, false));
        assert_eq!(answer.reactions[0].me, Some(true));
        let told = wait_for(&mut anas, reacted).await;
        assert_eq!((told.message.id, told.message.revision), (sent.id, 2));
        assert_eq!((told.changed.user_id, told.changed.emoji.as_str(), told.changed.added), (bob_user.user.id, "❤️", true));
        let [heart] = &told.message.reactions[..] else { panic!("{told:?}") };
        assert_eq!((heart.count, heart.user_ids.as_slice(), heart.me), (1, [bob_user.user.id].as_slice(), None));
        act(&mut bobs, None, Some("again"), Action::React { message_id: sent.id, emoji: "❤️".to_owned() }).await;
        let ack = wait_for(&mut bobs, |event| match event { Event::Ack(ack) => Some(ack), _ => None }).await;
        assert_eq!((ack.client_id.as_str(), ack.revision), ("again", Some(2)), "nothing has changed");
        server.clock.advance(std::time::Duration::from_secs(1));
        ana.react(sent.id, "❤️").await.unwrap();
        ana.react(sent.id, "👍🏽").await.unwrap();
        assert_eq!(shown(&ana, sent.id).await, [("❤️".to_owned(), 2, true), ("👍🏽".to_owned(), 1, true)]);
        assert_eq!(shown(&bob, sent.id).await, [("❤️".to_owned(), 2, true), ("👍🏽".to_owned(), 1, false)]);
        act(&mut bobs, None, None, Action::Unreact { message_id: sent.id, emoji: "❤️".to_owned() }).await;
        let gone = wait_for(&mut anas, |event| reacted(event).filter(|told| !told.changed.added)).await;
        assert_eq!(gone.message.reactions[0].user_ids, [ana_user.user.id]);
        assert_eq!(gone.message.revision, 5);
        bob.unreact(sent.id, "❤️").await.unwrap();
        assert_eq!(ana.room(room).await.unwrap().revision, 5);
        let changes = bob.room_changes(room, 1, None).await.unwrap();
        assert_eq!(changes.results.iter().map(|message| message.id).collect::<Vec<_>>(), [sent.id]);
    }

    async fn a_deleted_message_has_no_reactions(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "one").await;
        ana.react(sent.id, "🎉").await.unwrap();
        ana.delete_message(sent.id).await.unwrap();
        assert_eq!(ana.message(sent.id).await.unwrap().reactions, []);
        assert_eq!(refusal(ana.react(sent.id, "🎉").await), (404, ErrorCode::NotFound));
        let left = tables::reactions::Entity::find().all(server.app.db.read()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }

    async fn who_may_react_with_what(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let open_room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let private = server.group(&ana, Visibility::Private, &[]).await.id;
        let public_message = say(&ana, open_room, "one").await.id;
        let secret = say(&ana, private, "two").await.id;
        assert_eq!(refusal(eve.react(public_message, "👍").await), (403, ErrorCode::NotAMember));
        assert_eq!(refusal(eve.react(secret, "👍").await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(eve.unreact(secret, "👍").await), (404, ErrorCode::NotFound));
        for text in ["a", "👍👍", "%20", "<b>", "\u{0}", "👍 "] {
            let error = bob.react(public_message, text).await.unwrap_err();
            assert_eq!(error.status(), Some(400), "{text}");
        }
        eve.join_room(open_room).await.unwrap();
        let report = ana.room(open_room).await.unwrap().last_message.unwrap();
        assert_eq!(refusal(eve.react(report.id, "👍").await), (403, ErrorCode::Forbidden), "a report of the system");
        bob.react(public_message, "👍").await.unwrap();
        ana.close_room(open_room).await.unwrap();
        assert_eq!(refusal(bob.react(public_message, "🎉").await), (403, ErrorCode::RoomClosed));
        assert_eq!(refusal(bob.unreact(public_message, "👍").await), (403, ErrorCode::RoomClosed));
    }

    /// However often and from wherever at once: each person's reaction counts once, and each change takes one number.
    async fn racing_reactions_count_once_each(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut people = Vec::new();
        for n in 0..6 {
            people.push(server.person(&format!("person{n}")).await);
        }
        let members: Vec<&_> = people.iter().map(|(_, user)| user).collect();
        let room = server.group(&ana, Visibility::Private, &members).await.id;
        let sent = say(&ana, room, "one").await.id;
        let mut tasks = JoinSet::new();
        for (client, _) in &people {
            for _ in 0..5 {
                let client = client.clone();
                tasks.spawn(async move { client.react(sent, "👍").await.unwrap() });
            }
        }
        tasks.join_all().await;
        assert_eq!(shown(&ana, sent).await, [("👍".to_owned(), 6, false)]);
        assert_eq!(ana.room(room).await.unwrap().revision, 7);
        let mut tasks = JoinSet::new();
        for n in 0..20 {
            let client = people[0].0.clone();
            tasks.spawn(async move {
                if n % 2 == 0 { drop(client.react(sent, "🎲").await.unwrap()) } else { client.unreact(sent, "🎲").await.unwrap() }
            });
        }
        tasks.join_all().await;
        let found = people[0].0.message(sent).await.unwrap();
        let changes = u64::try_from(found.revision - 7).unwrap();
        let there = found.reactions.iter().any(|reaction| reaction.emoji == "🎲");
        assert_eq!(changes % 2 == 1, there, "each change was one of the two");
    }

    /// Several changes of one message in a batch: each event and each answer has all of it.
    async fn changes_at_once_lose_nothing_of_the_message(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "one").await.id;
        ana.react(sent, "👍").await.unwrap();
        let mut bobs = open(&bob, Door::All).await;
        let mut edits = JoinSet::new();
        for n in 0..20 {
            let ana = ana.clone();
            edits.spawn(async move { ana.edit_message(sent, &n.to_string()).await.unwrap() });
        }
        for answer in edits.join_all().await {
            assert_eq!(answer.reactions.len(), 1);
        }
        let mut told = Vec::new();
        wait_for(&mut bobs, |event| {
            if let Event::MessageEdited(message) = event {
                told.push(message.reactions.len());
            }
            (told.len() == 20).then_some(())
        })
        .await;
        assert_eq!(told, [1; 20]);
    }

    async fn there_is_a_bound(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "one").await.id;
        for n in 0..20 {
            let emoji = char::from_u32(0x1F600 + n).unwrap().to_string();
            ana.react(sent, &emoji).await.unwrap();
        }
        assert_eq!(refusal(ana.react(sent, "👍").await), (400, ErrorCode::ValidationFailed));
        ana.unreact(sent, "😀").await.unwrap();
        ana.react(sent, "👍").await.unwrap();
    }

    /// Only the first hundred are named.
    async fn many_reactions_are_counted_and_the_first_are_named(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "one").await.id;
        let rows = (0..150_u128).map(|n| tables::reactions::Model {
            message_id: sent.0,
            emoji: "👍".to_owned(),
            user_id: uuid::Uuid::from_u128(n + 1),
            created_at: i64::try_from(1_000 - n).unwrap(),
        });
        let tx = server.app.db.begin().await.unwrap();
        let rows = rows.map(IntoActiveModel::into_active_model);
        tables::reactions::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
        tx.commit().await.unwrap();
        ana.react(sent, "🎉").await.unwrap();
        let reactions = ana.message(sent).await.unwrap().reactions;
        assert_eq!((reactions[0].count, reactions[0].user_ids.len(), reactions[0].me), (150, 100, Some(false)));
        assert_eq!(reactions[0].user_ids[0].0, uuid::Uuid::from_u128(150));
        ana.react(sent, "👍").await.unwrap();
        assert_eq!(shown(&ana, sent).await, [("👍".to_owned(), 151, true), ("🎉".to_owned(), 1, true)]);
    }

    /// A block stops reactions as it stops messages; one's own may still be taken back.
    async fn who_is_blocked_does_not_react(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let sent = say(&ana, room, "one").await.id;
        bob.react(sent, "👍").await.unwrap();
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(refusal(bob.react(sent, "🎉").await), (403, ErrorCode::DirectMessagesRefused));
        assert_eq!(refusal(ana.react(sent, "🎉").await), (403, ErrorCode::DirectMessagesRefused));
        bob.unreact(sent, "👍").await.unwrap();
        ana.unblock(bob_user.user.id).await.unwrap();
        bob.react(sent, "🎉").await.unwrap();
    }

    /// What is hidden from somebody is not told them when others react to it.
    async fn hidden_messages_stay_hidden(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "one").await.id;
        bob.clear_history(room).await.unwrap();
        let mut bobs = open(&bob, Door::All).await;
        ana.react(sent, "👍").await.unwrap();
        assert_eq!(refusal(bob.react(sent, "👍").await), (404, ErrorCode::NotFound));
        let after = say(&ana, room, "two").await.id;
        wait_for(&mut bobs, |event| match event {
            Event::Message(message) => (message.id == after).then_some(()),
            event => {
                assert!(reacted(event).is_none(), "a reaction to a hidden message was told");
                None
            }
        })
        .await;
    }
}
