//! `rooms/public/`, and what a room says of itself to who looks at it.

use charla_client::Client;
use charla_protocol::{
    ErrorCode, RoomId,
    rooms::{CreateRoom, History, RoomType, UpdatePreferences, Visibility},
};
use charla_testing::{TestServer, on_each_database};
use futures_util::future::join_all;

use crate::support::refusal;

fn form(name: &str, room_type: RoomType, visibility: Visibility) -> CreateRoom {
    CreateRoom {
        name: name.to_owned(),
        room_type,
        visibility,
        topic: String::new(),
        history: History::All,
        participants: Vec::new(),
    }
}

async fn make(client: &Client, name: &str, visibility: Visibility) -> RoomId {
    client.create_room(&form(name, RoomType::Group, visibility)).await.unwrap().id
}

async fn found(client: &Client, search: &str) -> Vec<String> {
    let rooms = client.public_rooms(Some(search)).await.unwrap().results;
    let mut names: Vec<String> = rooms.into_iter().filter_map(|room| room.name).collect();
    names.sort();
    names
}

on_each_database! {
    async fn public_rooms_are_found_by_their_names(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        make(&ana, "Café del Mar", Visibility::Public).await;
        make(&ana, "Cafeteria 100%", Visibility::Public).await;
        make(&ana, "日本語の部屋", Visibility::Public).await;
        make(&ana, "Café, private", Visibility::Private).await;
        let closed = make(&ana, "Café, closed", Visibility::Public).await;
        ana.close_room(closed).await.unwrap();
        for (search, expected) in [
            ("CAFE", vec!["Cafeteria 100%", "Café del Mar"]),
            ("café d", vec!["Café del Mar"]),
            ("100%", vec!["Cafeteria 100%"]),
            ("日本", vec!["日本語の部屋"]),
            ("_", vec![]),
            ("private", vec![]),
        ] {
            assert_eq!(found(&bob, search).await, expected, "{search}");
        }
    }

    async fn direct_rooms_are_made_by_the_server(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let made = ana.create_room(&form("Us", RoomType::Direct, Visibility::Private)).await;
        assert_eq!(refusal(made), (400, ErrorCode::ValidationFailed));
        assert!(ana.rooms().await.unwrap().results.is_empty());
    }

    async fn a_room_shows_its_first_fifty(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = make(&ana, "Crowd", Visibility::Public).await;
        let names: Vec<String> = (0..59).map(|number| format!("guest{number}")).collect();
        for guest in join_all(names.iter().map(|name| server.person(name))).await {
            guest.0.join_room(room).await.unwrap();
        }
        let room = ana.room(room).await.unwrap();
        assert_eq!((room.participants.len(), room.participant_count), (50, 60));
        assert_eq!(room.participants[0].username, "ana");
    }

    async fn preferences_and_reading_take_no_revision(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = make(&ana, "Quiet", Visibility::Private).await;
        let before = ana.room(room).await.unwrap().revision;
        let pinned = UpdatePreferences { pinned: Some(true), ..UpdatePreferences::default() };
        ana.update_preferences(room, &pinned).await.unwrap();
        ana.mark_all_read(room).await.unwrap();
        ana.clear_history(room).await.unwrap();
        assert_eq!(ana.room(room).await.unwrap().revision, before);
    }
}
