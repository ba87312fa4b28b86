//! Uploads become part of a message: once, whoever and whatever races.

use charla_client::{Door, Place};
use charla_protocol::{ErrorCode, actions::Action, events::Event, messages::MessageType, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};
use futures_util::future::join_all;
use image::ImageFormat;
use uuid::Uuid;

use super::support::{picture, send_files, status, with_files};
use crate::support::{act, open, refusal, say, wait_for};

on_each_database! {
    async fn a_message_has_its_files_in_order(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut socket = open(&bob, Door::All).await;
        let picture = ana.upload("b.png", picture(ImageFormat::Png, 400, 200)).await.unwrap();
        let text = ana.upload("a.txt", "text").await.unwrap();
        let sent = send_files(&ana, room, &[text.id, picture.id]).await;
        assert_eq!((sent.message_type, sent.content.as_str()), (MessageType::File, ""));
        assert_eq!(sent.attachments, [text.clone(), picture.clone()]);
        let told = wait_for(&mut socket, |event| match event {
            Event::Message(message) => Some(message.attachments),
            _ => None,
        }).await;
        assert_eq!(told, sent.attachments);
        assert_eq!(bob.message(sent.id).await.unwrap().attachments, sent.attachments);
        let page = bob.room_messages(room, Place::Newest, None).await.unwrap();
        assert_eq!(page.results[0].attachments, sent.attachments);
        for file in [&text, &picture] {
            assert_eq!([status(&bob, &file.url).await, status(&eve, &file.url).await], [200, 404]);
        }
    }

    async fn the_server_says_what_kind_of_message_it_is(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let image = ana.upload("b.txt", picture(ImageFormat::Gif, 4, 2)).await.unwrap();
        let mut message = with_files(room, "look", &[image.id]);
        message.message_type = MessageType::File;
        assert_eq!(ana.send_message(&message).await.unwrap().value.message_type, MessageType::Image);
        for kind in [MessageType::Image, MessageType::File, MessageType::System] {
            let mut message = with_files(room, "look", &[]);
            message.message_type = kind;
            assert_eq!(refusal(ana.send_message(&message).await), (400, ErrorCode::ValidationFailed));
        }
    }

    async fn only_ones_own_that_wait_can_be_sent(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let [mine, his] = [ana.upload("a", "a").await.unwrap().id, bob.upload("b", "b").await.unwrap().id];
        let avatar = ana.set_avatar(picture(ImageFormat::Png, 99, 99)).await.unwrap().user.avatar_url.unwrap();
        let avatar: Uuid = avatar.split('/').nth(2).unwrap().parse().unwrap();
        for ids in [vec![his], vec![mine, his], vec![Uuid::new_v4()], vec![avatar], vec![mine, mine]] {
            let error = ana.send_message(&with_files(room, "text", &ids)).await.unwrap_err();
            let charla_client::Error::Problem { problem, status: 400, .. } = error else { panic!("{error}") };
            assert!(problem.errors.unwrap().contains_key("attachment_ids"));
        }
        let many: Vec<Uuid> = (0..11).map(|_| Uuid::new_v4()).collect();
        assert_eq!(refusal(ana.send_message(&with_files(room, "", &many)).await).0, 400);
        assert_eq!(ana.room(room).await.unwrap().revision, 0, "nothing of it was stored");
        send_files(&ana, room, &[mine]).await;
        assert_eq!(refusal(ana.send_message(&with_files(room, "", &[mine])).await).0, 400);
        send_files(&bob, room, &[his]).await;
    }

    /// In one room, in several, by one batch or by several lanes.
    async fn of_those_that_race_for_a_file_one_gets_it(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut rooms = Vec::new();
        for _ in 0..6 {
            rooms.push(server.group(&ana, Visibility::Private, &[]).await.id);
        }
        for _ in 0..5 {
            let [one, two] = [ana.upload("a", "a").await.unwrap().id, ana.upload("b", "b").await.unwrap().id];
            let both = [with_files(rooms[0], "x", &[one, two]), with_files(rooms[0], "x", &[two, one])];
            let sends = rooms.iter().map(|room| with_files(*room, "x", &[one, two]));
            let reversed = rooms.iter().map(|room| with_files(*room, "x", &[two, one]));
            let sends: Vec<_> = sends.chain(reversed).chain(both).collect();
            let results = join_all(sends.iter().map(|send| ana.send_message(send))).await;
            let sent: Vec<_> = results.iter().flatten().collect();
            assert_eq!(sent.len(), 1, "{results:?}");
            assert_eq!(sent[0].value.attachments.len(), 2);
            assert!(results.iter().filter_map(|result| result.as_ref().err()).all(|error| error.status() == Some(400)));
        }
        let mut messages = 0;
        for room in rooms {
            messages += ana.room(room).await.unwrap().revision;
        }
        assert_eq!(messages, 5);
    }

    async fn a_repeated_send_finds_the_first_with_its_files(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let file = ana.upload("a", "a").await.unwrap();
        let mut message = with_files(room, "", &[file.id]);
        message.client_id = Some("c".to_owned());
        let results = join_all((0..5).map(|_| ana.send_message(&message))).await;
        let sent: Vec<_> = results.into_iter().map(Result::unwrap).collect();
        assert_eq!(sent.iter().filter(|made| made.is_new).count(), 1);
        assert!(sent.iter().all(|made| made.value.id == sent[0].value.id && made.value.attachments == [file.clone()]));
    }

    async fn over_the_socket_as_well(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let file = ana.upload("a.png", picture(ImageFormat::Png, 3, 3)).await.unwrap();
        let mut socket = open(&ana, Door::Room(room)).await;
        let action = Action::SendMessage {
            content: String::new(),
            message_type: MessageType::Text,
            reply_to_id: None,
            attachment_ids: vec![file.id],
        };
        act(&mut socket, None, Some("c"), action.clone()).await;
        let told = wait_for(&mut socket, |event| match event {
            Event::Message(message) => Some(*message),
            _ => None,
        }).await;
        assert_eq!((told.message_type, told.attachments), (MessageType::Image, vec![file]));
        act(&mut socket, None, Some("d"), action).await;
        let code = wait_for(&mut socket, |event| match event {
            Event::Error(error) => Some(error.code),
            _ => None,
        }).await;
        assert_eq!(code, ErrorCode::ValidationFailed);
    }

    async fn what_has_files_may_lose_its_text(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let file = ana.upload("a", "a").await.unwrap().id;
        let sent = ana.send_message(&with_files(room, "text", &[file])).await.unwrap().value;
        let edited = ana.edit_message(sent.id, " ").await.unwrap();
        assert_eq!((edited.content.trim(), edited.attachments.len()), ("", 1));
        let plain = say(&ana, room, "text").await;
        let error = ana.edit_message(plain.id, " ").await.unwrap_err();
        let charla_client::Error::Problem { problem, .. } = error else { panic!("{error}") };
        assert!(problem.errors.unwrap().contains_key("content"));
    }

    async fn a_restart_loses_neither_what_waits_nor_what_was_sent(server: TestServer) {
        let mut server = server;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let [waiting, sent] = [ana.upload("a", "a").await.unwrap(), ana.upload("b", "b").await.unwrap()];
        send_files(&ana, room, &[sent.id]).await;
        server.restart().await;
        assert_eq!([status(&ana, &waiting.url).await, status(&ana, &sent.url).await], [200, 200]);
        send_files(&ana, room, &[waiting.id]).await;
    }
}
