//! `/ws/` and `/ws/chat/{room_id}/`: who comes in, what can be said, how it ends.

use std::time::Duration;

use charla_client::{Credentials, Door, Place, SocketOptions};
use charla_protocol::{
    ErrorCode, RoomId,
    actions::Action,
    events::{ErrorData, Event, StatusAction},
    rooms::Visibility,
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use crate::support::{act, drain, open, refusal, say, send_action, wait_for, wait_for_close};

fn error(event: Event) -> Option<ErrorData> {
    match event {
        Event::Error(error) => Some(error),
        _ => None,
    }
}

on_each_database! {
    async fn the_socket_of_a_room_is_for_no_other(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let garden = server.group(&ana, Visibility::Private, &[]).await.id;
        let team = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::Room(garden)).await;
        act(&mut socket, Some(team), Some("x"), send_action("for the team")).await;
        let refused = wait_for(&mut socket, error).await;
        assert_eq!((refused.code, refused.client_id.as_deref()), (ErrorCode::ValidationFailed, Some("x")));
        for room in [garden, team] {
            assert!(ana.room_messages(room, Place::Newest, None).await.unwrap().results.is_empty());
        }
        act(&mut socket, Some(garden), Some("y"), send_action("for the garden")).await;
        wait_for(&mut socket, |event| matches!(event, Event::Ack(_)).then_some(())).await;
    }

    async fn a_handshake_is_refused_before_the_upgrade(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (eve, _) = server.person("eve").await;
        let private = server.group(&ana, Visibility::Private, &[]).await.id;
        let public = server.group(&ana, Visibility::Public, &[]).await.id;
        assert_eq!(refusal(eve.socket(Door::Room(private)).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(eve.socket(Door::Room(public)).await), (403, ErrorCode::NotAMember));
        let nothing = SocketOptions { credentials: Credentials::Nothing, ..SocketOptions::default() };
        assert_eq!(refusal(eve.socket_with(Door::All, &nothing).await), (401, ErrorCode::NotAuthenticated));
        let foreign = SocketOptions { origin: Some("https://evil.example".to_owned()), ..SocketOptions::default() };
        assert_eq!(refusal(eve.socket_with(Door::All, &foreign).await), (403, ErrorCode::OriginNotAllowed));
        let unknown = Door::Room(RoomId(uuid::Uuid::from_u128(1)));
        assert_eq!(refusal(eve.socket(unknown).await), (404, ErrorCode::NotFound));
        assert_eq!(eve.request(reqwest::Method::GET, "/ws/", None).await.unwrap().status, 426);
    }

    async fn a_subprotocol_may_carry_the_token(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let options = SocketOptions {
            credentials: Credentials::Subprotocol,
            origin: Some(server.url()),
            ..SocketOptions::default()
        };
        ana.socket_with(Door::All, &options).await.unwrap().hello().await.unwrap();
    }

    async fn hello_names_the_rooms_with_their_revisions(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let first = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let second = server.group(&ana, Visibility::Private, &[]).await.id;
        say(&bob, first, "one").await;
        say(&bob, first, "two").await;
        let hello = ana.socket(Door::All).await.unwrap().hello().await.unwrap();
        assert_eq!(hello.user, ana_user.clone_online());
        let mut rooms: Vec<_> = hello.rooms.iter().map(|room| (room.id, room.revision, room.unread_count)).collect();
        rooms.sort_unstable();
        assert_eq!(rooms, [(first, 2, 2), (second, 0, 0)]);
        let hello = ana.socket(Door::Room(first)).await.unwrap().hello().await.unwrap();
        assert_eq!(hello.rooms.len(), 1);
    }

    async fn actions_are_acknowledged_once_committed(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::Room(room)).await;
        act(&mut socket, None, Some("c1"), send_action("hello")).await;
        let ack = wait_for(&mut socket, |event| match event { Event::Ack(ack) => Some(ack), _ => None }).await;
        assert_eq!((ack.client_id.as_str(), ack.revision), ("c1", Some(1)));
        let id = ack.id.unwrap();
        assert_eq!(ana.message(id).await.unwrap().content, "hello");
        act(&mut socket, None, Some("c2"), Action::EditMessage { message_id: id, content: "edited".to_owned() }).await;
        wait_for(&mut socket, |event| matches!(event, Event::Ack(ack) if ack.revision == Some(2)).then_some(())).await;
        act(&mut socket, None, Some("c3"), Action::DeleteMessage { message_id: id }).await;
        wait_for(&mut socket, |event| matches!(event, Event::Ack(ack) if ack.revision == Some(3)).then_some(())).await;
        assert!(ana.message(id).await.unwrap().is_deleted);
        act(&mut socket, None, Some("c1"), send_action("hello")).await;
        let again = wait_for(&mut socket, |event| match event { Event::Ack(ack) => Some(ack), _ => None }).await;
        assert_eq!((again.id, again.client_id.as_str()), (Some(id), "c1"));
    }

    async fn a_bad_frame_gets_an_error_and_the_socket_lives(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::All).await;
        let rows = [
            ("nonsense".to_owned(), ErrorCode::MalformedFrame, &[][..]),
            ("[]".to_owned(), ErrorCode::MalformedFrame, &[]),
            (r#"{"action":"dance"}"#.to_owned(), ErrorCode::UnknownAction, &[]),
            (r#"{"action":"send_message","content":"x"}"#.to_owned(), ErrorCode::ValidationFailed, &["room_id"]),
            (r#"{"action":"edit_message"}"#.to_owned(), ErrorCode::ValidationFailed, &["content", "message_id"]),
            (
                format!(r#"{{"action":"send_message","room_id":"{room}","content":"  "}}"#),
                ErrorCode::ValidationFailed,
                &["content"],
            ),
            (
                format!(r#"{{"action":"send_message","room_id":"{room}","content":7,"message_type":"x"}}"#),
                ErrorCode::ValidationFailed,
                &["content", "message_type"],
            ),
            (
                r#"{"action":"focus","room_id":"0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e"}"#.to_owned(),
                ErrorCode::NotFound,
                &[],
            ),
        ];
        for (frame, code, fields) in rows {
            socket.send_text(frame.clone()).await.unwrap();
            let told = wait_for(&mut socket, error).await;
            assert_eq!(told.code, code, "{frame}");
            assert_eq!(told.errors.is_none(), fields.is_empty(), "{frame}");
            assert_eq!(told.errors.unwrap_or_default().into_keys().collect::<Vec<_>>(), fields, "{frame}");
        }
        socket.send_binary(vec![1, 2, 3]).await.unwrap();
        assert_eq!(wait_for(&mut socket, error).await.code, ErrorCode::MalformedFrame);
        act(&mut socket, Some(room), Some("still"), send_action("alive")).await;
        wait_for(&mut socket, |event| matches!(event, Event::Ack(_)).then_some(())).await;
    }

    async fn errors_name_the_action_in_the_readers_language(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        ana.set_language(Some("es"));
        let mut socket = ana.socket(Door::All).await.unwrap();
        socket.hello().await.unwrap();
        socket.send_text(r#"{"action":"dance","client_id":"c"}"#).await.unwrap();
        let error = wait_for(&mut socket, error).await;
        assert_eq!((error.action.as_deref(), error.client_id.as_deref()), (Some("dance"), Some("c")));
        assert_eq!(error.detail, "No existe esa acción.");
    }

    async fn ending_a_session_closes_its_sockets_at_once(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let other = server.anonymous();
        other.login("ana", charla_testing::PASSWORD).await.unwrap();
        let mut first = open(&ana, Door::All).await;
        let mut second = open(&other, Door::All).await;
        other.logout().await.unwrap();
        assert_eq!(wait_for_close(&mut second).await, Some(4401));
        drain(&mut first).await;
    }

    async fn being_removed_from_a_room_ends_its_socket(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut one = open(&bob, Door::Room(room)).await;
        let mut all = open(&bob, Door::All).await;
        act(&mut all, Some(room), None, Action::Focus).await;
        drain(&mut all).await;
        let mut anas = open(&ana, Door::Room(room)).await;
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        assert_eq!(wait_for_close(&mut one).await, Some(4403));
        wait_for(&mut all, |event| matches!(event, Event::RoomRemoved(removed) if removed.id == room).then_some(())).await;
        wait_for(&mut anas, |event| match event {
            Event::UserStatus(status) if status.action == StatusAction::UserLeft => Some(status.user_id),
            _ => None,
        })
        .await;
        let said = say(&ana, room, "without bob").await.id;
        wait_for(&mut anas, |event| matches!(event, Event::Message(message) if message.id == said).then_some(())).await;
        assert!(drain(&mut all).await.is_empty());
        act(&mut all, Some(room), Some("c"), send_action("let me in")).await;
        assert_eq!(wait_for(&mut all, error).await.code, ErrorCode::NotFound);
    }
}

trait Online {
    fn clone_online(&self) -> Self;
}

impl Online for charla_protocol::users::Me {
    /// The account as it sees itself while it has a socket.
    fn clone_online(&self) -> Self {
        let mut me = self.clone();
        me.user.is_online = true;
        me
    }
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_the_socket() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    // The close frame gets through although much of the frame may still be on its way.
    for too_much in [64 * 1024 + 1, 200 * 1024] {
        let mut socket = open(&ana, Door::All).await;
        socket.send_text("x".repeat(too_much)).await.unwrap();
        assert_eq!(wait_for_close(&mut socket).await, Some(1009));
    }
    let mut socket = open(&ana, Door::All).await;
    socket.send_text_bytes(vec![0xFF, 0xFE]).await.unwrap();
    assert_eq!(wait_for_close(&mut socket).await, Some(1007));
}

#[tokio::test]
async fn too_many_actions_are_refused_and_a_flood_ends_the_socket() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let (ana, _) = server.person("ana").await;
    let mut socket = open(&ana, Door::All).await;
    for _ in 0..60 {
        act(&mut socket, None, None, Action::Ping).await;
    }
    act(&mut socket, None, Some("one more"), Action::Ping).await;
    let refused = wait_for(&mut socket, error).await;
    assert_eq!((refused.code, refused.client_id.as_deref()), (ErrorCode::TooManyRequests, Some("one more")));
    assert!((1..=10).contains(&refused.retry_after.unwrap()));
    socket.send_text(r#"{"action":"typing","is_typing":"x"}"#.to_owned()).await.unwrap();
    let refused = wait_for(&mut socket, error).await;
    assert_eq!(refused.code, ErrorCode::TooManyRequests, "a bad frame counts as well");
    assert!(refused.retry_after.is_some());
    server.clock.advance(Duration::from_secs(11));
    drain(&mut socket).await;
    for _ in 0..601 {
        if socket.send_text(r#"{"action":"ping"}"#).await.is_err() {
            break;
        }
    }
    assert_eq!(wait_for_close(&mut socket).await, Some(1008));
}

#[tokio::test]
async fn typing_is_told_to_those_who_look_and_fades() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let mut looking = open(&ana, Door::Room(room)).await;
    let mut elsewhere = open(&ana, Door::All).await;
    let mut bobs = open(&bob, Door::All).await;
    act(&mut bobs, Some(room), None, Action::Focus).await;
    let joined = wait_for(&mut looking, |event| match event {
        Event::UserStatus(status) => Some(status),
        _ => None,
    })
    .await;
    assert_eq!((joined.action, joined.user_id), (StatusAction::UserJoined, bob_user.user.id));
    act(&mut bobs, Some(room), None, Action::Typing { is_typing: true }).await;
    let typing = |event| match event {
        Event::Typing(typing) => Some(typing),
        _ => None,
    };
    let told = wait_for(&mut looking, typing).await;
    assert_eq!((told.user_id, told.username.as_str(), told.is_typing), (bob_user.user.id, "bob", true));
    assert!(drain(&mut bobs).await.is_empty(), "never back to its author");
    server.clock.advance(Duration::from_secs(7));
    assert!(!wait_for(&mut looking, typing).await.is_typing);
    assert!(drain(&mut elsewhere).await.is_empty(), "who looks elsewhere is not told");
}

/// Both were there before the room was.
#[tokio::test]
async fn the_two_of_a_new_direct_room_hear_of_each_other() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, ana_user) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
    ana.direct_chat(bob_user.user.id).await.unwrap();
    let status = |event| match event {
        Event::UserStatus(status) => Some((status.action, status.user_id)),
        _ => None,
    };
    assert_eq!(wait_for(&mut anas, status).await, (StatusAction::UserOnline, bob_user.user.id));
    assert_eq!(wait_for(&mut bobs, status).await, (StatusAction::UserOnline, ana_user.user.id));
}

#[tokio::test]
async fn presence_is_told_to_the_people_of_direct_rooms() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    ana.direct_chat(bob_user.user.id).await.unwrap();
    let mut anas = open(&ana, Door::All).await;
    let status = |event| match event {
        Event::UserStatus(status) => Some((status.action, status.user_id)),
        _ => None,
    };
    let mut bobs = open(&bob, Door::All).await;
    assert_eq!(wait_for(&mut anas, status).await, (StatusAction::UserOnline, bob_user.user.id));
    assert!(ana.online_statuses().await.unwrap().results[0].is_online);
    bobs.close().await.unwrap();
    wait_for_close(&mut bobs).await;
    // Back within ten seconds: never away. Away for longer: told.
    let mut bobs = open(&bob, Door::All).await;
    server.clock.advance(Duration::from_secs(11));
    assert!(drain(&mut anas).await.is_empty());
    bobs.close().await.unwrap();
    wait_for_close(&mut bobs).await;
    while server.app.hub.is_online(bob_user.user.id) {
        tokio::task::yield_now().await;
    }
    server.clock.advance(Duration::from_secs(11));
    assert_eq!(wait_for(&mut anas, status).await, (StatusAction::UserOffline, bob_user.user.id));
    let shown = ana.online_statuses().await.unwrap().results.remove(0);
    assert!(!shown.is_online && shown.last_seen.is_some());
}
