//! Rooms in which people wait between two messages.

use std::time::Duration;

use charla_client::{Door, Method, Result};
use charla_protocol::{
    ErrorCode, RoomId,
    events::Event,
    members::Role,
    messages::SendMessage,
    rooms::{UpdateRoom, Visibility},
};
use charla_testing::{TestServer, on_each_database};
use serde_json::json;

use crate::support::{act, open, refusal, rejected, say, send_action, staff, text, wait_for};

fn slow(seconds: u32) -> UpdateRoom {
    UpdateRoom { slow_mode: Some(seconds), ..UpdateRoom::default() }
}

/// The seconds that a refusal says to wait.
fn wait_of<T: std::fmt::Debug>(result: Result<T>) -> u64 {
    let error = result.expect_err("a refusal");
    assert_eq!(error.code(), Some(ErrorCode::TooManyRequests));
    error.retry_after().expect("a time").as_secs()
}

fn named(room: RoomId, client_id: &str) -> SendMessage {
    SendMessage { client_id: Some(client_id.to_owned()), ..text(room, "hello") }
}

on_each_database! {
    async fn who_may_not_moderate_waits_between_two_messages(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let other = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let mut socket = open(&bob, Door::All).await;
        // What was said before it was set counts too.
        let first = say(&bob, room, "before").await;
        assert_eq!(ana.update_room(room, &slow(60)).await.unwrap().slow_mode, 60);
        wait_for(&mut socket, |event| {
            matches!(event, Event::RoomUpdated(room) if room.slow_mode == 60).then_some(())
        })
        .await;
        server.clock.advance(Duration::from_secs(30));
        let wait = wait_of(bob.send_message(&named(room, "m1")).await);
        assert!((28..=30).contains(&wait), "{wait}");
        act(&mut socket, Some(room), Some("m1"), send_action("hello")).await;
        let told = wait_for(&mut socket, |event| match event {
            Event::Error(error) => Some(error),
            _ => None,
        })
        .await;
        assert_eq!((told.code, told.client_id.as_deref()), (ErrorCode::TooManyRequests, Some("m1")));
        assert!(told.retry_after.is_some_and(|wait| (28..=30).contains(&wait)), "{told:?}");
        // All but new messages is as ever, and so are other rooms.
        bob.edit_message(first.id, "otherwise").await.unwrap();
        bob.react(first.id, "👍").await.unwrap();
        say(&bob, other, "elsewhere").await;
        say(&bob, other, "at once").await;
        // Leaving and coming back shortens nothing, and is no message.
        bob.leave_room(room).await.unwrap();
        bob.join_room(room).await.unwrap();
        assert!(wait_of(bob.send_message(&named(room, "m1")).await) <= 30);

        server.clock.advance(Duration::from_secs(wait));
        let sent = bob.send_message(&named(room, "m1")).await.unwrap();
        // Sent again it is no new message.
        assert_eq!(bob.send_message(&named(room, "m1")).await.unwrap().value.id, sent.value.id);
        let wait = wait_of(bob.send_message(&named(room, "m2")).await);
        assert!((59..=60).contains(&wait), "{wait}");
        ana.update_room(room, &slow(0)).await.unwrap();
        bob.send_message(&named(room, "m2")).await.unwrap();
    }

    async fn of_what_is_sent_at_once_one_goes_through(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        ana.update_room(room, &slow(21_600)).await.unwrap();
        let (ids, bob) = (["a", "b", "c", "d"], &bob);
        let sends = ids.map(|id| async move { bob.send_message(&named(room, id)).await });
        let results = futures_util::future::join_all(sends).await;
        let (sent, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!((sent.len(), refused.len()), (1, 3));
        for result in refused {
            assert!(wait_of(result) <= 21_600);
        }
    }

    async fn who_may_moderate_does_not_wait(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let root_user = root.me().await.unwrap();
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &root_user]).await.id;
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        // Who may edit the room may set it.
        bob.update_room(room, &slow(60)).await.unwrap();
        for moderator in [&ana, &bob, &root] {
            say(moderator, room, "one").await;
            say(moderator, room, "two").await;
        }
        ana.change_role(room, bob_user.user.id, Role::Member).await.unwrap();
        assert_eq!(wait_of(bob.send_message(&text(room, "three")).await), 60);
        assert_eq!(refusal(bob.update_room(room, &slow(0)).await), (403, ErrorCode::Forbidden));
    }

    async fn it_is_bounded(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for seconds in [json!(21_601), json!(-1), json!(null), json!("60"), json!(u64::MAX)] {
            let path = format!("/api/v1/chat/rooms/{room}/");
            let answer = ana.request(Method::PATCH, &path, Some(&json!({"slow_mode": seconds}))).await.unwrap();
            assert_eq!(rejected(answer.into_result()), ["slow_mode"], "{seconds}");
        }
        assert_eq!(ana.room(room).await.unwrap().slow_mode, 0);
    }
}
