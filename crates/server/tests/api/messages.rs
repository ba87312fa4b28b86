//! `messages/`.

use charla_client::Place;
use charla_protocol::{ErrorCode, MessageId, messages::MessageType, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};

use crate::support::{ids, make_staff, refusal, say, text};

on_each_database! {
    async fn a_message_is_stored_as_typed_and_rendered(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "**¡Hola!** 日本語 🎉\r\n<script>\u{0}").await;
        assert_eq!(sent.content, "**¡Hola!** 日本語 🎉\n<script>");
        assert_eq!(sent.content_html, "<p><strong>¡Hola!</strong> 日本語 🎉</p>\n<p>&lt;script&gt;</p>\n");
        assert_eq!((sent.seq, sent.revision, sent.sender.id), (1, 1, ana_user.user.id));
        assert_eq!(ana.message(sent.id).await.unwrap(), sent);
    }

    async fn an_edit_keeps_what_was_said_before(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "one").await;
        assert_eq!(refusal(bob.edit_message(sent.id, "mine").await), (403, ErrorCode::Forbidden));
        let edited = ana.edit_message(sent.id, "two").await.unwrap();
        assert_eq!((edited.seq, edited.revision, edited.is_edited), (1, 2, true));
        assert_eq!(ana.edit_message(sent.id, "two").await.unwrap().revision, 2, "the same text is no change");
        ana.edit_message(sent.id, "three").await.unwrap();
        let said: Vec<String> =
            bob.message_history(sent.id).await.unwrap().results.into_iter().map(|version| version.content).collect();
        assert_eq!(said, ["one", "two"]);
    }

    async fn a_deleted_message_keeps_its_place_and_nothing_else(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&bob, room, "secret").await;
        let mut answer = text(room, "answer");
        answer.reply_to_id = Some(sent.id);
        let answer = ana.send_message(&answer).await.unwrap().value;
        assert_eq!(answer.reply_to.as_ref().map(|quote| quote.content.as_str()), Some("secret"));
        bob.edit_message(sent.id, "still secret").await.unwrap();
        ana.delete_message(sent.id).await.unwrap();
        ana.delete_message(sent.id).await.unwrap();
        let gone = bob.message(sent.id).await.unwrap();
        assert!(gone.is_deleted && gone.content.is_empty() && gone.content_html.is_empty());
        assert_eq!((gone.seq, gone.revision), (1, 4));
        assert_eq!(bob.message_history(sent.id).await.unwrap().results, []);
        assert_eq!(bob.message(answer.id).await.unwrap().reply_to.unwrap().content, "");
        assert_eq!(refusal(bob.edit_message(sent.id, "back").await), (404, ErrorCode::NotFound));
        let mut late = text(room, "late");
        late.reply_to_id = Some(sent.id);
        assert_eq!(refusal(bob.send_message(&late).await), (400, ErrorCode::ValidationFailed));
    }

    async fn members_delete_their_own_only(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "hers").await;
        assert_eq!(refusal(bob.delete_message(sent.id).await), (403, ErrorCode::Forbidden));
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let sent = say(&ana, direct, "hers").await;
        assert_eq!(refusal(bob.delete_message(sent.id).await), (403, ErrorCode::Forbidden));
    }

    async fn replies_make_a_thread(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let other = server.group(&ana, Visibility::Private, &[]).await.id;
        let root = say(&ana, room, &"x".repeat(300)).await;
        let mut answers = Vec::new();
        for number in 0..3 {
            let mut answer = text(room, &format!("answer {number}"));
            answer.reply_to_id = Some(root.id);
            answers.push(ana.send_message(&answer).await.unwrap().value);
        }
        assert_eq!(answers[0].reply_to.as_ref().unwrap().content, "x".repeat(200));
        assert_eq!(ana.message(root.id).await.unwrap().reply_count, 3);
        assert_eq!(ids(&ana.message_replies(root.id).await.unwrap().results), ids(&answers));
        let mut elsewhere = text(other, "across rooms");
        elsewhere.reply_to_id = Some(root.id);
        assert_eq!(refusal(ana.send_message(&elsewhere).await), (400, ErrorCode::ValidationFailed));
    }

    async fn what_is_not_acceptable(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let rejected = (400, ErrorCode::ValidationFailed);
        for content in ["", "   \n", "\u{200B}", "\u{0}\u{7}", &"x".repeat(10_001)] {
            assert_eq!(refusal(ana.send_message(&text(room, content)).await), rejected);
        }
        say(&ana, room, &"ñ".repeat(10_000)).await;
        let mut system = text(room, "I am the system");
        system.message_type = MessageType::System;
        assert_eq!(refusal(ana.send_message(&system).await), rejected);
        for client_id in ["", " x", &"x".repeat(65), "a\u{0}b"] {
            let mut message = text(room, "x");
            message.client_id = Some(client_id.to_owned());
            assert_eq!(refusal(ana.send_message(&message).await), rejected, "{client_id:?}");
        }
    }

    async fn strangers_get_nothing(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "private").await;
        let missing = (404, ErrorCode::NotFound);
        assert_eq!(refusal(eve.send_message(&text(room, "hi")).await), missing);
        assert_eq!(refusal(eve.message(sent.id).await), missing);
        assert_eq!(refusal(eve.edit_message(sent.id, "x").await), missing);
        assert_eq!(refusal(eve.delete_message(sent.id).await), missing);
        assert_eq!(refusal(eve.message_reads(sent.id).await), missing);
        assert_eq!(refusal(eve.message_replies(sent.id).await), missing);
        assert_eq!(refusal(eve.message_history(sent.id).await), missing);
        assert_eq!(refusal(eve.mark_read(vec![sent.id]).await), missing);
        assert_eq!(refusal(eve.message(MessageId(uuid::Uuid::from_u128(1))).await), missing);
        assert_eq!(eve.messages(None, None).await.unwrap().results, []);
        assert_eq!(refusal(eve.messages(Some(room), None).await), missing);
        let own = server.group(&eve, Visibility::Private, &[]).await.id;
        let mut quoting = text(own, "quoting");
        quoting.reply_to_id = Some(sent.id);
        assert_eq!(refusal(eve.send_message(&quoting).await), (400, ErrorCode::ValidationFailed));
    }

    async fn ones_messages_come_newest_first(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let first = server.group(&ana, Visibility::Private, &[]).await.id;
        let second = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut sent = Vec::new();
        for number in 0..6 {
            sent.push(say(&ana, if number % 2 == 0 { first } else { second }, "x").await.id);
        }
        sent.reverse();
        let page = ana.messages(None, Some(4)).await.unwrap();
        assert_eq!(ids(&page.results), sent[..4]);
        let rest: charla_protocol::List<charla_protocol::messages::Message> = ana.page(&page.next.unwrap()).await.unwrap();
        assert_eq!((ids(&rest.results), rest.next), (sent[4..].to_vec(), None));
        assert_eq!(ana.messages(Some(first), None).await.unwrap().results.len(), 3);
    }

    /// What was stored stays so, whatever has become of the room since.
    async fn a_repeated_send_is_answered_in_a_closed_room(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut message = text(room, "one");
        message.client_id = Some("c".to_owned());
        let first = ana.send_message(&message).await.unwrap().value;
        ana.close_room(room).await.unwrap();
        let again = ana.send_message(&message).await.unwrap();
        assert_eq!((again.is_new, again.value), (false, first));
        message.client_id = Some("d".to_owned());
        assert_eq!(refusal(ana.send_message(&message).await), (403, ErrorCode::RoomClosed));
    }

    /// A name for a send finds the message in its own room only: who has left that room since learns nothing of it.
    async fn a_repeated_send_tells_nothing_of_another_room(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let own = server.group(&bob, Visibility::Private, &[]).await.id;
        let mut message = text(room, "said there");
        message.client_id = Some("c".to_owned());
        bob.send_message(&message).await.unwrap();
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        message.room = own;
        assert_eq!(refusal(bob.send_message(&message).await), (400, ErrorCode::ValidationFailed));
        message.room = room;
        assert_eq!(refusal(bob.send_message(&message).await), (404, ErrorCode::NotFound));
    }

    /// A page of long messages is a short one, and leads on to the rest.
    async fn pages_are_bounded_by_their_size_too(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut sent = Vec::new();
        for _ in 0..40 {
            sent.push(say(&ana, room, &"<".repeat(10_000)).await.id);
        }
        let mut page = ana.room_messages(room, Place::Newest, Some(200)).await.unwrap();
        assert!(page.results.len() < 30 && page.next.is_some(), "{}", page.results.len());
        let mut found = ids(&page.results);
        while let Some(next) = page.next {
            page = ana.request(reqwest::Method::GET, &next, None).await.unwrap().json().unwrap();
            found.splice(0..0, ids(&page.results));
        }
        assert_eq!(found, sent);
        let (mut since, mut changed) = (0, Vec::new());
        loop {
            let changes = ana.room_changes(room, since, Some(200)).await.unwrap();
            assert!(changes.results.len() < 30);
            changed.extend(ids(&changes.results));
            since = changes.revision;
            if changes.next.is_none() {
                break;
            }
        }
        assert_eq!((changed, since), (sent, 40));
    }

    async fn staff_delete_what_they_do_not_see(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let sent = say(&ana, room, "spam").await;
        assert_eq!(refusal(eve.delete_message(sent.id).await), (404, ErrorCode::NotFound));
        make_staff(&server, &eve_user).await;
        eve.delete_message(sent.id).await.unwrap();
        assert_eq!(refusal(eve.message(sent.id).await), (404, ErrorCode::NotFound));
        assert!(ana.message(sent.id).await.unwrap().is_deleted);
        assert_eq!(refusal(eve.edit_message(sent.id, "more").await), (404, ErrorCode::NotFound));
    }

    /// An acknowledged message is found again by the same `client_id`, as it now stands.
    async fn a_repeated_send_gives_the_first_as_it_stands(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut message = text(room, "one");
        message.client_id = Some("c".to_owned());
        let first = ana.send_message(&message).await.unwrap();
        ana.edit_message(first.value.id, "two").await.unwrap();
        message.content = "ignored".to_owned();
        let again = ana.send_message(&message).await.unwrap();
        assert_eq!((again.is_new, again.value.id, again.value.content.as_str()), (false, first.value.id, "two"));
        assert_eq!(ana.room_messages(room, Place::Newest, None).await.unwrap().results.len(), 1);
    }
}
