//! `rooms/direct_chat/`.

use charla_protocol::{ErrorCode, UserId, members::Role, rooms::RoomType};
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use tokio::task::JoinSet;

use crate::support::refusal;

on_each_database! {
    /// Twenty tasks, from both sides, open the same direct chat at once: one room, one 201.
    async fn racing_openers_get_one_room(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let mut openers = JoinSet::new();
        for number in 0..20 {
            let (client, other) = match number % 2 {
                0 => (ana.clone(), bob_user.user.id),
                _ => (bob.clone(), ana_user.user.id),
            };
            openers.spawn(async move { client.direct_chat(other).await.unwrap() });
        }
        let answers = openers.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
        assert!(answers.iter().all(|answer| answer.value.id == answers[0].value.id));
        assert_eq!(ana.rooms().await.unwrap().results.len(), 1);
    }

    async fn a_direct_room_is_named_by_its_two(server: TestServer) {
        let (_, ana) = server.person("zoe").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = bob.direct_chat(ana.user.id).await.unwrap().value;
        assert_eq!((room.name, room.slug.as_str()), (None, "bob--zoe"));
        assert_eq!((room.room_type, room.my_role), (RoomType::Direct, Some(Role::Member)));
        assert_eq!(room.participant_count, 2);
        assert_eq!(refusal(bob.direct_chat(bob_user.user.id).await).0, 400);
        let stranger = UserId(uuid::Uuid::from_u128(1));
        assert_eq!(refusal(bob.direct_chat(stranger).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(bob.leave_room(room.id).await), (409, ErrorCode::DirectRoom));
    }
}

#[tokio::test]
async fn a_server_of_friends_refuses_strangers() {
    let friends_only = |config: &mut charla_server::Config| {
        config.direct_messages = charla_protocol::users::DirectMessages::Friends;
    };
    let server = TestServer::start_with(DatabaseKind::Sqlite, friends_only).await;
    let (ana, _) = server.person("ana").await;
    let (_, bob) = server.person("bob").await;
    assert_eq!(refusal(ana.direct_chat(bob.user.id).await), (403, ErrorCode::DirectMessagesRefused));
}
