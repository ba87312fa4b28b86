//! `rooms/{id}/invites/` and `/api/v1/chat/invites/{code}/`.

use std::time::Duration;

use charla_client::{Client, Door};
use charla_protocol::{
    ErrorCode, RoomId,
    events::Event,
    invites::{CreateInvite, Invite},
    members::Role,
    messages::SystemEventKind,
    rooms::{Room, Visibility},
};
use charla_server::clock::Clock;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{open, refusal, rejected, wait_for};

const INVALID: (u16, ErrorCode) = (404, ErrorCode::InviteInvalid);

async fn invite(client: &Client, room: RoomId, max_uses: Option<i64>) -> Invite {
    client.create_invite(room, &CreateInvite { max_uses, expires_at: None }).await.unwrap()
}

async fn uses(client: &Client, room: RoomId) -> Vec<i64> {
    client.invites(room).await.unwrap().results.iter().map(|invite| invite.uses).collect()
}

fn added(event: Event) -> Option<Room> {
    match event {
        Event::RoomAdded(room) => Some(*room),
        _ => None,
    }
}

on_each_database! {
    async fn a_link_brings_people_in(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let invite = invite(&ana, room, None).await;
        assert_eq!(invite.url, format!("{}/invite/{}", server.app.config.public_url, invite.code));
        assert_eq!((invite.code.len(), invite.uses, invite.max_uses), (24, 0, None));
        assert_eq!(invite.created_by.id, ana_user.user.id);
        let path = format!("/api/v1/chat/invites/{}/", invite.code);
        let preview: Value = server.anonymous().request(Method::GET, &path, None).await.unwrap().json().unwrap();
        assert_eq!(preview, json!({"id": room, "name": "A room", "topic": "", "avatar_url": null, "participant_count": 1}));

        let mut anas = open(&ana, Door::All).await;
        let mut eves = open(&eve, Door::All).await;
        let joined = eve.accept_invite(&invite.code).await.unwrap();
        assert_eq!((joined.id, joined.my_role, joined.participant_count), (room, Some(Role::Member), 2));
        assert_eq!(wait_for(&mut eves, added).await.id, room);
        let report = wait_for(&mut anas, |event| match event {
            Event::Message(message) => Some(*message),
            _ => None,
        })
        .await;
        assert_eq!(report.system.unwrap().event, SystemEventKind::MemberJoined);
        assert_eq!(report.sender.id, eve_user.user.id);
        let updated = wait_for(&mut anas, |event| match event {
            Event::RoomUpdated(room) => Some(room.participant_count),
            _ => None,
        })
        .await;
        assert_eq!(updated, 2);

        assert_eq!(uses(&ana, room).await, [1]);
        assert_eq!(eve.accept_invite(&invite.code).await.unwrap().revision, joined.revision);
        assert_eq!(uses(&ana, room).await, [1], "who is there spends nothing");
    }

    async fn owner_and_admins_invite(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let public = server.group(&ana, Visibility::Public, &[]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let made = invite(&ana, room, None).await;
        let any = CreateInvite::default();
        for (client, room, expected) in [
            (&bob, room, (403, ErrorCode::Forbidden)),
            (&eve, room, (404, ErrorCode::NotFound)),
            (&eve, public, (403, ErrorCode::NotAMember)),
            (&ana, direct, (409, ErrorCode::DirectRoom)),
        ] {
            assert_eq!(refusal(client.create_invite(room, &any).await), expected);
            assert_eq!(refusal(client.invites(room).await), expected);
            assert_eq!(refusal(client.withdraw_invite(room, &made.code).await), expected);
        }
        assert_eq!(refusal(ana.withdraw_invite(public, &made.code).await), INVALID, "of another room");
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        invite(&bob, room, Some(2)).await;
        let listed = bob.invites(room).await.unwrap().results;
        assert_eq!(listed.iter().map(|invite| invite.max_uses).collect::<Vec<_>>(), [Some(2), None]);
        bob.withdraw_invite(room, &made.code).await.unwrap();
        assert_eq!(refusal(bob.withdraw_invite(room, &made.code).await), INVALID);
        ana.close_room(room).await.unwrap();
        assert_eq!(refusal(bob.create_invite(room, &any).await), (403, ErrorCode::RoomClosed));
    }

    async fn links_end(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let soon = server.clock.now().plus_millis(60_000);
        let until = CreateInvite { expires_at: Some(soon), max_uses: None };
        let expiring = ana.create_invite(room, &until).await.unwrap();
        assert_eq!(expiring.expires_at, Some(soon));
        let spent = invite(&ana, room, Some(1)).await;
        let withdrawn = invite(&ana, room, None).await;
        let closed = invite(&ana, room, None).await;
        bob.accept_invite(&spent.code).await.unwrap();
        ana.withdraw_invite(room, &withdrawn.code).await.unwrap();
        server.clock.advance(Duration::from_secs(61));
        for code in [&expiring.code, &spent.code, &withdrawn.code, &"x".repeat(24), "%00", "ü"] {
            assert_eq!(refusal(eve.accept_invite(code).await), INVALID, "{code}");
            assert_eq!(refusal(eve.invite_preview(code).await), INVALID, "{code}");
        }
        assert!(bob.accept_invite(&spent.code).await.is_ok(), "who came by it may follow it again");
        ana.close_room(room).await.unwrap();
        assert_eq!(refusal(eve.accept_invite(&closed.code).await), INVALID);
        assert_eq!(refusal(eve.invite_preview(&closed.code).await), INVALID);
        assert_eq!(ana.room(room).await.unwrap().participant_count, 2);
    }

    async fn no_more_get_in_than_may(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let invite = invite(&ana, room, Some(5)).await;
        let mut people = Vec::new();
        for number in 0..20 {
            people.push(server.person(&format!("person{number}")).await.0);
        }
        let answers = join_all(people.iter().map(|person| person.accept_invite(&invite.code))).await;
        let (let_in, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((let_in.len(), refused.len()), (5, 15));
        assert!(refused.into_iter().all(|answer| refusal(answer) == INVALID));
        assert_eq!(ana.room(room).await.unwrap().participant_count, 6);
        assert_eq!(uses(&ana, room).await, [5]);
        let seen = ana.room_messages(room, charla_client::Place::Newest, None).await.unwrap();
        assert_eq!(seen.results.len(), 5, "each is reported once");
    }

    async fn bounds_that_cannot_be_are_named(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let past = CreateInvite { expires_at: Some(server.clock.now()), max_uses: Some(0) };
        assert_eq!(rejected(ana.create_invite(room, &past).await), ["expires_at", "max_uses"]);
        let path = format!("/api/v1/chat/rooms/{room}/invites/");
        assert_eq!(ana.request(Method::POST, &path, None).await.unwrap().status, 201, "no body is needed");
        assert_eq!(uses(&ana, room).await, [0]);
    }
}

#[tokio::test]
async fn a_room_has_a_hundred_live_invites_at_most() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let soon = CreateInvite { expires_at: Some(server.clock.now().plus_millis(600_000)), max_uses: None };
    for _ in 0..100 {
        ana.create_invite(room, &soon).await.unwrap();
    }
    assert_eq!(refusal(ana.create_invite(room, &soon).await), (409, ErrorCode::TooManyInvites));
    server.clock.advance(Duration::from_secs(601));
    invite(&ana, room, None).await;
    assert_eq!(uses(&ana, room).await.len(), 1, "what has expired makes room");
}
