//! `rooms/{id}/members/`.

use charla_client::Place;
use charla_protocol::{ErrorCode, members::Role, messages::SystemEventKind, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};

use crate::support::{ids, refusal, say};

on_each_database! {
    async fn admins_add_and_remove_members_only(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let (_, kim_user) = server.person("kim").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let forbidden = (403, ErrorCode::Forbidden);
        assert_eq!(refusal(bob.add_members(room, vec![kim_user.user.id]).await), forbidden);
        assert_eq!(refusal(bob.remove_member(room, eve_user.user.id).await), forbidden);
        assert_eq!(refusal(bob.change_role(room, bob_user.user.id, Role::Owner).await), forbidden);
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        bob.add_members(room, vec![kim_user.user.id, eve_user.user.id]).await.unwrap();
        assert_eq!(bob.members(room).await.unwrap().results.len(), 4);
        assert_eq!(refusal(bob.remove_member(room, ana_user.user.id).await), forbidden);
        bob.remove_member(room, eve_user.user.id).await.unwrap();
        assert_eq!(refusal(eve.room(room).await), (404, ErrorCode::NotFound));
        let page = bob.room_messages(room, Place::Newest, None).await.unwrap();
        let reports: Vec<_> = page.results.iter().filter_map(|message| message.system.clone()).collect();
        assert_eq!(reports[0].event, SystemEventKind::MemberAdded);
        assert_eq!(reports[1].event, SystemEventKind::MemberRemoved);
        assert_eq!(reports[1].user.as_ref().map(|user| user.id), Some(eve_user.user.id));
    }

    async fn a_new_owner_makes_the_old_one_admin(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        assert_eq!(refusal(ana.change_role(room, ana_user.user.id, Role::Member).await), (409, ErrorCode::Conflict));
        let owner = ana.change_role(room, bob_user.user.id, Role::Owner).await.unwrap();
        assert_eq!(owner.role, Role::Owner);
        assert_eq!(ana.room(room).await.unwrap().my_role, Some(Role::Admin));
        assert_eq!(bob.room(room).await.unwrap().my_role, Some(Role::Owner));
    }

    /// Where history begins with joining, a newcomer sees nothing of before, in no list and no event.
    async fn a_newcomer_sees_no_past_where_there_is_none_to_see(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[]).await.id;
        let secret = say(&ana, room, "before").await;
        bob.join_room(room).await.unwrap();
        let mut socket = crate::support::open(&bob, charla_client::Door::All).await;
        ana.edit_message(secret.id, "still before").await.unwrap();
        let after = say(&ana, room, "after").await;
        let told = crate::support::wait_for(&mut socket, |event| match event {
            charla_protocol::events::Event::Message(message) => message.system.is_none().then_some(message.id),
            charla_protocol::events::Event::MessageEdited(_) => panic!("a hidden message was told"),
            _ => None,
        })
        .await;
        assert_eq!(told, after.id);
        let seen = bob.room_messages(room, Place::Newest, None).await.unwrap().results;
        assert_eq!(seen.len(), 2, "the report of joining, and what came after");
        assert_eq!(seen[1].id, after.id);
        assert!(!ids(&bob.room_changes(room, 0, None).await.unwrap().results).contains(&secret.id));
        assert_eq!(refusal(bob.message(secret.id).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(bob.remove_member(room, bob_user.user.id).await.and(bob.members(room).await)), (403, ErrorCode::NotAMember));
    }

    async fn unknown_people_are_refused_and_nobody_is_added(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let stranger = charla_protocol::UserId(uuid::Uuid::from_u128(7));
        assert_eq!(
            refusal(ana.add_members(room, vec![bob_user.user.id, stranger]).await),
            (400, ErrorCode::ValidationFailed)
        );
        assert_eq!(ana.room(room).await.unwrap().participant_count, 1);
        assert_eq!(refusal(ana.remove_member(room, bob_user.user.id).await), (404, ErrorCode::NotFound));
    }
}
