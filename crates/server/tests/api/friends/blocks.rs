//! What a block ends and stops, for both, without telling who has set it.

use charla_client::{Client, Door};
use charla_protocol::{
    ErrorCode, UserId,
    events::Event,
    messages::SendMessage,
    rooms::{CreateRoom, History, RoomType, Visibility},
    users::Friendship,
};
use charla_testing::{TestServer, on_each_database};

use super::support::{ask, friendship, request_counts};
use crate::support::{act, befriend, open, refusal, say, send_action, text, wait_for};

const REFUSED: (u16, ErrorCode) = (403, ErrorCode::ContactRefused);
const MESSAGES_REFUSED: (u16, ErrorCode) = (403, ErrorCode::DirectMessagesRefused);

fn group(participants: Vec<UserId>) -> CreateRoom {
    CreateRoom {
        name: "A room".to_owned(),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants,
    }
}

/// Whom a search for everybody finds, and one for the exact id.
async fn finds(client: &Client, other: UserId) -> (bool, bool) {
    let found = async |search: &str| {
        let results = client.search_users(search).await.unwrap().results;
        results.iter().any(|person| person.id == other)
    };
    (found("").await, found(&other.to_string()).await)
}

on_each_database! {
    async fn blocks_are_made_listed_and_lifted(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, eve_user) = server.person("eve").await;
        let made = ana.block(bob_user.user.id).await.unwrap();
        assert!(made.is_new);
        assert_eq!(made.value.user.id, bob_user.user.id);
        let again = ana.block(bob_user.user.id).await.unwrap();
        assert!(!again.is_new);
        assert_eq!(again.value, made.value);
        let second = ana.block(eve_user.user.id).await.unwrap().value;
        assert_eq!(ana.blocks().await.unwrap().results, [second, made.value]);
        assert!(bob.blocks().await.unwrap().results.is_empty(), "who was blocked is not told");
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::Blocked);
        assert_eq!(friendship(&bob, ana_user.user.id).await, Friendship::None);
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(refusal(ana.unblock(bob_user.user.id).await), (404, ErrorCode::NotFound));
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::None);
        assert_eq!(refusal(ana.block(ana_user.user.id).await), (400, ErrorCode::ValidationFailed));
        let unknown = UserId(uuid::Uuid::from_u128(1));
        assert_eq!(refusal(ana.block(unknown).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(ana.unblock(unknown).await), (404, ErrorCode::NotFound));
    }

    async fn a_block_ends_friendship_and_requests(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        let request = ask(&eve, ana_user.user.id).await;
        ana.block(bob_user.user.id).await.unwrap();
        ana.block(eve_user.user.id).await.unwrap();
        assert!(bob.friends().await.unwrap().results.is_empty());
        assert_eq!((request_counts(&ana).await, request_counts(&eve).await), ((0, 0), (0, 0)));
        assert_eq!(refusal(ana.accept_friend_request(request).await), (404, ErrorCode::NotFound));
        for (client, other) in [(&bob, ana_user.user.id), (&eve, ana_user.user.id), (&ana, bob_user.user.id)] {
            assert_eq!(refusal(client.request_friendship(other).await), REFUSED);
        }
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::None, "what has ended stays so");
        ask(&bob, ana_user.user.id).await;
    }

    async fn a_block_stops_direct_messages_both_ways(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let named = SendMessage { client_id: Some("one".to_owned()), ..text(room, "before") };
        let sent = bob.send_message(&named).await.unwrap().value;
        let own = say(&ana, room, "mine").await;
        ana.block(bob_user.user.id).await.unwrap();
        for (client, other, message) in [(&ana, bob_user.user.id, &own), (&bob, ana_user.user.id, &sent)] {
            assert_eq!(refusal(client.direct_chat(other).await), MESSAGES_REFUSED);
            assert_eq!(refusal(client.send_message(&text(room, "x")).await), MESSAGES_REFUSED);
            assert_eq!(refusal(client.edit_message(message.id, "x").await), MESSAGES_REFUSED);
            for door in [Door::All, Door::Room(room)] {
                let mut socket = open(client, door).await;
                act(&mut socket, Some(room), Some("two"), send_action("x")).await;
                let code = wait_for(&mut socket, |event| match event {
                    Event::Error(error) => Some(error.code),
                    _ => None,
                });
                assert_eq!(code.await, ErrorCode::DirectMessagesRefused);
            }
            assert_eq!(client.room(room).await.unwrap().revision, 2, "what was said can still be read");
        }
        let repeated = bob.send_message(&named).await.unwrap();
        assert_eq!((repeated.is_new, repeated.value.id), (false, sent.id), "what was stored stays so");
        bob.delete_message(sent.id).await.unwrap();
        let (_, eve_user) = server.person("eve").await;
        let elsewhere = bob.direct_chat(eve_user.user.id).await.unwrap().value.id;
        say(&bob, elsewhere, "others may").await;
        ana.unblock(bob_user.user.id).await.unwrap();
        say(&bob, room, "again").await;
        say(&ana, room, "yes").await;
    }

    /// No direct room is made where there was none.
    async fn a_block_stops_new_direct_rooms(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(refusal(bob.direct_chat(ana_user.user.id).await), MESSAGES_REFUSED);
        assert_eq!(refusal(ana.direct_chat(bob_user.user.id).await), MESSAGES_REFUSED);
        assert!(ana.rooms().await.unwrap().results.is_empty());
        ana.unblock(bob_user.user.id).await.unwrap();
        assert!(bob.direct_chat(ana_user.user.id).await.unwrap().is_new);
    }

    async fn a_block_hides_the_two_from_each_others_search(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(finds(&ana, bob_user.user.id).await, (false, false));
        assert_eq!(finds(&bob, ana_user.user.id).await, (false, false));
        assert_eq!(finds(&eve, ana_user.user.id).await, (true, true));
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(finds(&bob, ana_user.user.id).await, (true, true));
    }

    /// Who was blocked brings the other into no group; who has blocked may bring in whom they like.
    async fn a_block_stops_being_added_to_groups(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, eve_user) = server.person("eve").await;
        let old = server.group(&bob, Visibility::Private, &[&ana_user]).await.id;
        ana.block(bob_user.user.id).await.unwrap();
        let both = vec![ana_user.user.id, eve_user.user.id];
        assert_eq!(refusal(bob.create_room(&group(both.clone())).await), REFUSED);
        let room = server.group(&bob, Visibility::Private, &[]).await.id;
        assert_eq!(refusal(bob.add_members(room, both.clone()).await), REFUSED);
        assert_eq!(bob.room(room).await.unwrap().participant_count, 1, "nobody was added");
        bob.add_members(old, both).await.unwrap();
        assert_eq!(bob.room(old).await.unwrap().participant_count, 3, "who is there already stays");
        assert_eq!(ana.create_room(&group(vec![bob_user.user.id])).await.unwrap().participant_count, 2);
        say(&bob, old, "a group is not a direct chat").await;
    }

    async fn a_block_of_each_stands_for_itself(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        ana.block(bob_user.user.id).await.unwrap();
        bob.block(ana_user.user.id).await.unwrap();
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(friendship(&bob, ana_user.user.id).await, Friendship::Blocked);
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::None);
        assert_eq!(refusal(ana.send_message(&text(room, "x")).await), MESSAGES_REFUSED);
        bob.unblock(ana_user.user.id).await.unwrap();
        say(&ana, room, "at last").await;
    }
}
