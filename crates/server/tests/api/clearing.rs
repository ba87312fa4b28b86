//! What somebody has cleared stays hidden from them, though they leave and come back.

use charla_client::{Client, Place};
use charla_db::tables::clearings;
use charla_protocol::{
    ErrorCode, RoomId,
    messages::Message,
    rooms::{CreateRoom, History, RoomType, UpdateRoom, Visibility},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use sea_orm::EntityTrait;

use crate::support::{refusal, say};

/// What people have said, as somebody sees it; the same by the newest page and by the changes.
async fn texts(client: &Client, room: RoomId) -> Vec<String> {
    let said = |messages: Vec<Message>| -> Vec<String> {
        messages.into_iter().filter(|row| row.system.is_none()).map(|row| row.content).collect()
    };
    let page = said(client.room_messages(room, Place::Newest, None).await.unwrap().results);
    assert_eq!(said(client.room_changes(room, 0, None).await.unwrap().results), page);
    page
}

async fn rows(server: &TestServer) -> usize {
    clearings::Entity::find().all(server.app.db.read()).await.unwrap().len()
}

on_each_database! {
    async fn what_was_cleared_stays_so_for_who_leaves_and_joins(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let old = say(&ana, room, "old").await;
        bob.join_room(room).await.unwrap();
        bob.clear_history(room).await.unwrap();
        say(&ana, room, "between").await;
        for _ in 0..2 {
            bob.leave_room(room).await.unwrap();
            bob.join_room(room).await.unwrap();
            assert_eq!(texts(&bob, room).await, ["between"], "and what came after it is not hidden");
            assert_eq!(refusal(bob.message(old.id).await), (404, ErrorCode::NotFound));
        }
        assert_eq!(rows(&server).await, 1);
        bob.clear_history(room).await.unwrap();
        bob.leave_room(room).await.unwrap();
        say(&ana, room, "late").await;
        bob.join_room(room).await.unwrap();
        assert_eq!(texts(&bob, room).await, ["late"]);
        eve.join_room(room).await.unwrap();
        assert_eq!(texts(&eve, room).await, ["old", "between", "late"], "others see all of it");
        eve.leave_room(room).await.unwrap();
        assert_eq!(rows(&server).await, 1, "who has cleared nothing leaves nothing");
    }

    async fn and_for_who_is_taken_out_and_brought_back(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        say(&ana, room, "old").await;
        bob.clear_history(room).await.unwrap();
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        assert_eq!(texts(&bob, room).await, [""; 0]);
        bob.leave_room(room).await.unwrap();
        let code = ana.create_invite(room, &Default::default()).await.unwrap().code;
        bob.accept_invite(&code).await.unwrap();
        assert_eq!(texts(&bob, room).await, [""; 0], "by a link too");
        say(&ana, room, "new").await;
        assert_eq!(texts(&bob, room).await, ["new"]);
    }

    /// What the room hid is the room's to show.
    async fn what_was_hidden_by_the_room_alone_is_shown_when_it_is_no_more(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let body = CreateRoom {
            name: "Quiet".to_owned(),
            room_type: RoomType::Group,
            visibility: Visibility::Public,
            topic: String::new(),
            history: History::FromJoin,
            participants: Vec::new(),
        };
        let room = ana.create_room(&body).await.unwrap().id;
        say(&ana, room, "before").await;
        bob.join_room(room).await.unwrap();
        assert_eq!(texts(&bob, room).await, [""; 0]);
        bob.leave_room(room).await.unwrap();
        let open = UpdateRoom { history: Some(History::All), ..UpdateRoom::default() };
        ana.update_room(room, &open).await.unwrap();
        bob.join_room(room).await.unwrap();
        assert_eq!(texts(&bob, room).await, ["before"]);
    }

    async fn it_goes_with_the_account(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let left = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let stayed = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        for room in [left, stayed] {
            say(&ana, room, "old").await;
            bob.clear_history(room).await.unwrap();
        }
        bob.leave_room(left).await.unwrap();
        assert_eq!(rows(&server).await, 1);
        bob.delete_me(PASSWORD).await.unwrap();
        assert_eq!(ana.room(stayed).await.unwrap().participant_count, 1);
        assert_eq!(rows(&server).await, 0);
    }
}
