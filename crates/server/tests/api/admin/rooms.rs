//! `/api/v1/admin/rooms/`

use std::time::Duration;

use charla_client::{Door, Method, Place};
use charla_protocol::{
    ErrorCode, List,
    admin::rooms::{AdminRoom, RoomSort, UpdateAdminRoom},
    audit::AuditAction,
    events::Event,
    rooms::{CreateRoom, History, RoomType, Visibility},
};
use charla_testing::{TestServer, on_each_database};
use serde_json::json;

use super::{FORBIDDEN, NOT_FOUND, log_of};
use crate::support::{open, refusal, rejected, say, staff, text, wait_for};

fn named(name: &str) -> CreateRoom {
    CreateRoom {
        name: name.to_owned(),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants: Vec::new(),
    }
}

on_each_database! {
    async fn groups_are_listed_to_staff_in_each_order(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        say(&ana, direct, "between us").await;
        let mut rooms = Vec::new();
        for (name, others) in [("Beta", vec![bob_user.user.id]), ("alpha", vec![]), ("Gamma", vec![])] {
            server.clock.advance(Duration::from_secs(1));
            rooms.push(ana.create_room(&CreateRoom { participants: others, ..named(name) }).await.unwrap().id);
        }
        server.clock.advance(Duration::from_secs(1));
        say(&ana, rooms[1], "one").await;
        say(&ana, rooms[1], "two").await;
        let by = async |sort| {
            let found = root.all_rooms(None, sort).await.unwrap().results;
            found.into_iter().map(|room| room.name).collect::<Vec<_>>()
        };
        assert_eq!(by(RoomSort::Name).await, ["alpha", "Beta", "Gamma"]);
        assert_eq!(by(RoomSort::NameDescending).await, ["Gamma", "Beta", "alpha"]);
        assert_eq!(by(RoomSort::CreatedAt).await, ["Beta", "alpha", "Gamma"]);
        assert_eq!(by(RoomSort::CreatedAtDescending).await, ["Gamma", "alpha", "Beta"]);
        assert_eq!(by(RoomSort::MembersDescending).await[0], "Beta");
        assert_eq!(by(RoomSort::Members).await[2], "Beta");
        assert_eq!(by(RoomSort::LastMessageDescending).await[0], "alpha");
        assert_eq!(by(RoomSort::LastMessage).await[2], "alpha");
        for sort in ["name", "-name", "created_at", "-created_at", "members", "-members", "last_message"] {
            let all: List<AdminRoom> = root.page(&format!("/api/v1/admin/rooms/?sort={sort}")).await.unwrap();
            let mut page: List<AdminRoom> =
                root.page(&format!("/api/v1/admin/rooms/?sort={sort}&limit=2")).await.unwrap();
            assert_eq!(page.results, all.results[..2], "{sort}");
            page = root.page(&page.next.unwrap()).await.unwrap();
            assert_eq!(page.results, all.results[2..], "{sort}");
            page = root.page(&page.previous.unwrap()).await.unwrap();
            assert_eq!(page.results, all.results[..2], "{sort}");
        }
        let found = root.all_rooms(Some("ALPH"), RoomSort::Name).await.unwrap().results;
        assert_eq!((found.len(), found[0].id, found[0].participant_count), (1, rooms[1], 1));
        assert_eq!((found[0].message_count, found[0].creator.as_ref().unwrap().id), (2, ana_user.user.id));
        assert!(found[0].last_message_at.is_some());
        assert_eq!(root.any_room(rooms[1]).await.unwrap(), found[0]);
        // What two people have with each other is for nobody else.
        assert_eq!(refusal(root.any_room(direct).await), NOT_FOUND);
        assert_eq!(refusal(root.close_any_room(direct).await), NOT_FOUND);
        assert_eq!(refusal(root.update_any_room(direct, &UpdateAdminRoom::default()).await), NOT_FOUND);
        assert_eq!(refusal(bob.all_rooms(None, RoomSort::Name).await), FORBIDDEN);
        let csv = root.request(Method::GET, "/api/v1/admin/rooms/?format=csv&limit=1", None).await.unwrap();
        assert_eq!(String::from_utf8(csv.body.to_vec()).unwrap().lines().count(), 4);
    }

    async fn staff_change_and_close_groups_of_others(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let room = ana.create_room(&named("Shouting")).await.unwrap().id;
        let mut socket = open(&ana, Door::All).await;
        let change = UpdateAdminRoom {
            name: Some("Talking".to_owned()),
            topic: Some("Be kind".to_owned()),
            visibility: Some(Visibility::Public),
        };
        assert_eq!(refusal(bob.update_any_room(room, &change).await), FORBIDDEN);
        let blank = UpdateAdminRoom { name: Some(" ".to_owned()), ..UpdateAdminRoom::default() };
        assert_eq!(rejected(root.update_any_room(room, &blank).await), ["name"]);
        let changed = root.update_any_room(room, &change).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.topic.as_str()), ("Talking", "Be kind"));
        let told = wait_for(&mut socket, |event| match event {
            Event::RoomUpdated(room) => Some(room.name),
            _ => None,
        })
        .await;
        assert_eq!(told.as_deref(), Some("Talking"));
        // What changes nothing is no act.
        root.update_any_room(room, &change).await.unwrap();
        assert_eq!(refusal(bob.close_any_room(room).await), FORBIDDEN);
        root.close_any_room(room).await.unwrap();
        let closed = (403, ErrorCode::RoomClosed);
        assert_eq!(refusal(ana.send_message(&text(room, "still?")).await).1, closed.1);
        assert!(!ana.room_messages(room, Place::Newest, None).await.unwrap().results.is_empty());
        assert_eq!(refusal(root.close_any_room(room).await).1, closed.1);
        assert_eq!(refusal(root.update_any_room(room, &change).await).1, closed.1);
        assert!(!root.any_room(room).await.unwrap().is_active);
        let log = log_of(&root, room.0).await;
        let told: Vec<_> = log.iter().map(|entry| (entry.action, entry.details.clone())).collect();
        let details = json!({"changed": ["name", "topic", "visibility"], "visibility": "public"});
        assert_eq!(told, [(AuditAction::RoomChanged, details), (AuditAction::RoomClosed, json!({}))]);
    }
}
