//! `rooms/{id}/pins/`.

use charla_client::{Client, Door, Socket};
use charla_protocol::{ErrorCode, MessageId, RoomId, events::Event, members::Role, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use crate::support::{open, refusal, say, wait_for};

async fn pinned(client: &Client, room: RoomId) -> Vec<MessageId> {
    client.pins(room).await.unwrap().results.iter().map(|pin| pin.message.id).collect()
}

/// Waits until that number of pins is told.
async fn told(socket: &mut Socket, pins: u64) {
    let is_told = |event| matches!(event, Event::RoomUpdated(room) if room.pin_count == pins);
    wait_for(socket, |event| is_told(event).then_some(())).await;
}

on_each_database! {
    async fn owner_and_admins_pin_in_a_group(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let (one, two) = (say(&bob, room, "one").await, say(&bob, room, "two").await);
        assert_eq!(refusal(bob.pin(room, one.id).await), (403, ErrorCode::Forbidden));
        assert_eq!(refusal(eve.pin(room, one.id).await), (403, ErrorCode::NotAMember));
        assert_eq!(refusal(eve.pins(room).await), (403, ErrorCode::NotAMember));
        let mut bobs = open(&bob, Door::All).await;
        let made = ana.pin(room, one.id).await.unwrap();
        assert!(made.is_new);
        told(&mut bobs, 1).await;
        assert_eq!((made.value.message.content.as_str(), made.value.pinned_by.id), ("one", ana_user.user.id));
        let again = ana.pin(room, one.id).await.unwrap();
        assert!(!again.is_new && again.value.pinned_at == made.value.pinned_at);
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        bob.pin(room, two.id).await.unwrap();
        told(&mut bobs, 2).await;
        assert_eq!(pinned(&bob, room).await, [two.id, one.id]);
        let seen = ana.room(room).await.unwrap();
        assert_eq!((seen.pin_count, seen.revision), (2, 2), "a pin takes no revision");
        ana.unpin(room, two.id).await.unwrap();
        ana.unpin(room, two.id).await.unwrap();
        told(&mut bobs, 1).await;
        assert_eq!(pinned(&bob, room).await, [one.id]);
        ana.close_room(room).await.unwrap();
        let closed = (403, ErrorCode::RoomClosed);
        assert_eq!(refusal(ana.pin(room, two.id).await), closed);
        assert_eq!(refusal(ana.unpin(room, one.id).await), closed);
        assert_eq!(pinned(&bob, room).await, [one.id], "a closed room can be read");
    }

    async fn what_is_not_there_is_not_pinned(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let other = server.group(&ana, Visibility::Private, &[]).await.id;
        let message = say(&ana, room, "x").await;
        let missing = (404, ErrorCode::NotFound);
        assert_eq!(refusal(ana.pin(other, message.id).await), missing);
        assert_eq!(refusal(ana.unpin(other, message.id).await), missing);
        ana.delete_message(message.id).await.unwrap();
        assert_eq!(refusal(ana.pin(room, message.id).await), missing);
        let (eve, _) = server.person("eve").await;
        ana.update_room(other, &charla_protocol::rooms::UpdateRoom { visibility: Some(Visibility::Public), ..Default::default() }).await.unwrap();
        let report = eve.join_room(other).await.unwrap().last_message.unwrap();
        assert_eq!(refusal(ana.pin(other, report.id).await), (403, ErrorCode::Forbidden), "the server's own");
    }

    async fn a_deleted_message_loses_its_pin(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let (one, two) = (say(&bob, room, "one").await, say(&bob, room, "two").await);
        let mut anas = open(&ana, Door::All).await;
        ana.pin(room, one.id).await.unwrap();
        told(&mut anas, 1).await;
        bob.delete_message(two.id).await.unwrap();
        bob.delete_message(one.id).await.unwrap();
        let mut events = Vec::new();
        wait_for(&mut anas, |event| {
            events.push(match &event {
                Event::MessageDeleted(message) => (Some(message.id), None),
                Event::RoomUpdated(room) => (None, Some(room.pin_count)),
                _ => (None, None),
            });
            matches!(event, Event::RoomUpdated(_)).then_some(())
        })
        .await;
        let expected = [(Some(two.id), None), (Some(one.id), None), (None, Some(0))];
        assert_eq!(events, expected, "that the other goes changes no pin");
        assert!(pinned(&ana, room).await.is_empty());
        assert_eq!(ana.room(room).await.unwrap().pin_count, 0);
    }

    async fn nobody_sees_by_a_pin_what_is_hidden_from_them(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[]).await.id;
        let before = say(&ana, room, "before").await;
        ana.pin(room, before.id).await.unwrap();
        bob.join_room(room).await.unwrap();
        let after = say(&ana, room, "after").await;
        ana.pin(room, after.id).await.unwrap();
        assert_eq!(pinned(&bob, room).await, [after.id]);
        ana.clear_history(room).await.unwrap();
        assert!(pinned(&ana, room).await.is_empty());
        assert_eq!(refusal(ana.unpin(room, before.id).await), (404, ErrorCode::NotFound));
    }

    async fn both_pin_in_a_direct_room_unless_a_block_parts_them(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let (one, two) = (say(&ana, room, "one").await, say(&ana, room, "two").await);
        bob.pin(room, one.id).await.unwrap();
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(refusal(bob.pin(room, two.id).await), (403, ErrorCode::DirectMessagesRefused));
        bob.unpin(room, one.id).await.unwrap();
        assert!(pinned(&ana, room).await.is_empty());
    }
}

#[tokio::test]
async fn a_room_has_a_hundred_pins_at_most() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    for number in 0..100 {
        let message = say(&ana, room, &number.to_string()).await;
        ana.pin(room, message.id).await.unwrap();
    }
    let one_more = say(&ana, room, "one more").await;
    assert_eq!(refusal(ana.pin(room, one_more.id).await), (400, ErrorCode::ValidationFailed));
    assert_eq!(ana.room(room).await.unwrap().pin_count, 100);
}
