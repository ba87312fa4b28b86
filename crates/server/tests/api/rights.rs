//! Who may do what in a room, where no other module says so.

use charla_client::{Client, Door, Place};
use charla_protocol::{
    ErrorCode, MessageId, RoomId,
    events::Event,
    members::Role,
    rooms::{UpdateRoom, Visibility},
};
use charla_testing::{TestServer, on_each_database};

use crate::support::{drain, open, refusal, say, staff, text, wait_for};

fn topic(topic: &str) -> UpdateRoom {
    UpdateRoom { topic: Some(topic.to_owned()), ..UpdateRoom::default() }
}

async fn is_deleted(client: &Client, message: MessageId) -> bool {
    client.message(message).await.unwrap().is_deleted
}

async fn revision(client: &Client, room: RoomId) -> i64 {
    client.room(room).await.unwrap().revision
}

on_each_database! {
    async fn admins_edit_the_room_and_a_topic_takes_no_revision(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user, &eve_user]).await.id;
        let forbidden = (403, ErrorCode::Forbidden);
        assert_eq!(refusal(bob.update_room(room, &topic("x")).await), forbidden);
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        let mut eves = open(&eve, Door::All).await;
        let before = revision(&bob, room).await;
        assert_eq!(bob.update_room(room, &topic(" of the day\u{0} ")).await.unwrap().topic, "of the day");
        let told = wait_for(&mut eves, |event| match event { Event::RoomUpdated(room) if !room.topic.is_empty() => Some(room.topic), _ => None }).await;
        assert_eq!(told, "of the day");
        assert_eq!(revision(&bob, room).await, before, "only a new name is reported in the room");
        let private = UpdateRoom { visibility: Some(Visibility::Private), ..UpdateRoom::default() };
        assert_eq!(bob.update_room(room, &private).await.unwrap().visibility, Visibility::Private);
        assert_eq!(refusal(bob.close_room(room).await), forbidden);
        assert_eq!(refusal(bob.change_role(room, eve_user.user.id, Role::Admin).await), forbidden);
    }

    async fn admins_delete_what_others_said_and_members_do_not(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let (of_ana, of_eve) = (say(&ana, room, "mine").await, say(&eve, room, "hers").await);
        let forbidden = (403, ErrorCode::Forbidden);
        assert_eq!(refusal(bob.delete_message(of_eve.id).await), forbidden);
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        bob.delete_message(of_ana.id).await.unwrap();
        ana.delete_message(of_eve.id).await.unwrap();
        assert!(is_deleted(&eve, of_ana.id).await && is_deleted(&eve, of_eve.id).await);
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let said = say(&ana, direct, "to you").await;
        assert_eq!(refusal(bob.delete_message(said.id).await), forbidden, "nobody moderates a direct room");
    }

    async fn staff_delete_anywhere_and_read_nowhere(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let private = server.group(&ana, Visibility::Private, &[]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let mut bobs = open(&bob, Door::All).await;
        for room in [private, direct] {
            let message = say(&ana, room, "spam").await;
            assert_eq!(refusal(root.message(message.id).await), (404, ErrorCode::NotFound));
            assert_eq!(refusal(root.room(room).await), (404, ErrorCode::NotFound));
            let outsider = server.anonymous();
            outsider.login("bob", charla_testing::PASSWORD).await.unwrap();
            if room == private {
                assert_eq!(refusal(outsider.delete_message(message.id).await), (404, ErrorCode::NotFound));
            }
            root.delete_message(message.id).await.unwrap();
            assert!(is_deleted(&ana, message.id).await);
        }
        let told = wait_for(&mut bobs, |event| match event { Event::MessageDeleted(message) => Some(message.room), _ => None }).await;
        assert_eq!(told, direct);
        assert_eq!(refusal(root.pin(private, ana.room(private).await.unwrap().last_message.unwrap().id).await), (404, ErrorCode::NotFound));
    }

    /// The owner leaves: the admin who has been there longest takes over, whoever else came before.
    async fn the_longest_standing_admin_takes_over(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (_, first) = server.person("first").await;
        let (second, second_user) = server.person("second").await;
        let (_, third) = server.person("third").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for person in [&first, &second_user, &third] {
            ana.add_members(room, vec![person.user.id]).await.unwrap();
        }
        ana.change_role(room, third.user.id, Role::Admin).await.unwrap();
        ana.change_role(room, second_user.user.id, Role::Admin).await.unwrap();
        ana.leave_room(room).await.unwrap();
        assert_eq!(second.room(room).await.unwrap().my_role, Some(Role::Owner));
        let owners = second.members(room).await.unwrap().results;
        assert_eq!(owners.iter().filter(|member| member.role == Role::Owner).count(), 1);
        assert_eq!(refusal(ana.send_message(&text(room, "still here")).await), (404, ErrorCode::NotFound));
    }

    /// What the room is told says nobody's role: whose role is a new one gets the room anew, and nobody else does.
    async fn a_new_role_reaches_its_person(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let mut anas = open(&ana, Door::All).await;
        let (mut bobs, mut eves) = (open(&bob, Door::All).await, open(&eve, Door::All).await);
        let role = |event| match event { Event::RoomAdded(room) => Some(room.my_role), _ => None };
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        assert_eq!(wait_for(&mut bobs, role).await, Some(Role::Admin));
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        ana.change_role(room, bob_user.user.id, Role::Owner).await.unwrap();
        assert_eq!(wait_for(&mut bobs, role).await, Some(Role::Owner), "what did not change is not told");
        assert_eq!(wait_for(&mut anas, role).await, Some(Role::Admin));
        bob.leave_room(room).await.unwrap();
        assert_eq!(wait_for(&mut anas, role).await, Some(Role::Owner));
        assert!(drain(&mut eves).await.into_iter().all(|event| role(event).is_none()));
    }

    /// Clearing is one's own: it takes no revision, and the other devices of the account follow.
    async fn clearing_reaches_the_other_devices(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let old = say(&ana, room, "old").await;
        let mut anas = open(&ana, Door::All).await;
        let before = revision(&bob, room).await;
        ana.clear_history(room).await.unwrap();
        let told = wait_for(&mut anas, |event| match event { Event::RoomAdded(room) => Some(*room), _ => None }).await;
        assert_eq!((told.id, told.last_message, told.unread_count), (room, None, Some(0)));
        assert_eq!(revision(&bob, room).await, before);
        bob.react(say(&bob, room, "new").await.id, "👍").await.unwrap();
        ana.react(bob.room(room).await.unwrap().last_message.unwrap().id, "👍").await.unwrap();
        bob.react(old.id, "👍").await.unwrap();
        let seen = ana.room_messages(room, Place::Newest, None).await.unwrap().results;
        assert_eq!(seen.len(), 1);
    }
}
