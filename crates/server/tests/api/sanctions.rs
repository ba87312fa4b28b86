//! `/api/v1/admin/users/{id}/sanctions/`

use std::time::Duration;

use charla_client::{AuditFilter, Door, Error, Method, Result};
use charla_protocol::{
    ErrorCode, Timestamp,
    actions::Action,
    audit::AuditAction,
    events::Event,
    rooms::{UpdateRoom, Visibility},
    sanctions::{CreateSanction, SanctionKind},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    act, ids, make_staff, open, refusal, rejected, say, send_action, staff, superuser, text, wait_for,
    wait_for_close,
};

const MUTED: (u16, ErrorCode) = (403, ErrorCode::Muted);
const BANNED: (u16, ErrorCode) = (403, ErrorCode::Banned);
const FORBIDDEN: (u16, ErrorCode) = (403, ErrorCode::Forbidden);
const MINUTE: i64 = 60_000;
const A_MINUTE: Duration = Duration::from_millis(60_000);

fn sanction(kind: SanctionKind, ends_at: Option<Timestamp>) -> CreateSanction {
    CreateSanction { kind, reason: "Be kind".to_owned(), ends_at }
}

/// Until when a refusal says that it holds.
fn until<T: std::fmt::Debug>(result: Result<T>) -> Option<Timestamp> {
    match result.expect_err("a refusal") {
        Error::Problem { problem, .. } => problem.until,
        error => panic!("{error}"),
    }
}

on_each_database! {
    async fn who_is_muted_reads_and_does_not_write(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (bob_id, end) = (bob_user.user.id, server.app.clock.now().plus_millis(MINUTE));
        let room = server.group(&bob, Visibility::Private, &[&ana_user]).await.id;
        let sent = say(&bob, room, "before").await;
        let theirs = say(&ana, room, "hello").await;
        let mut socket = open(&bob, Door::Room(room)).await;
        let mute = root.impose_sanction(bob_id, &sanction(SanctionKind::Mute, Some(end))).await.unwrap();
        assert_eq!((mute.user.id, mute.ends_at, mute.lifted_at), (bob_id, Some(end), None));

        assert_eq!(refusal(bob.send_message(&text(room, "after")).await), MUTED);
        assert_eq!(until(bob.send_message(&text(room, "after")).await), Some(end));
        assert_eq!(refusal(bob.edit_message(sent.id, "otherwise").await), MUTED);
        assert_eq!(refusal(bob.react(theirs.id, "👍").await), MUTED);
        let rename = UpdateRoom { name: Some("Shout".to_owned()), ..UpdateRoom::default() };
        assert_eq!(refusal(bob.update_room(room, &rename).await), MUTED);
        act(&mut socket, None, Some("c1"), send_action("after")).await;
        let told = wait_for(&mut socket, |event| match event {
            Event::Error(error) => Some(error),
            _ => None,
        })
        .await;
        assert_eq!((told.code, told.until, told.client_id.as_deref()), (ErrorCode::Muted, Some(end), Some("c1")));
        assert!(told.detail.contains(" UTC"), "{}", told.detail);
        // What they have said may go, and they read on.
        bob.delete_message(sent.id).await.unwrap();
        act(&mut socket, None, Some("c2"), Action::MarkRead { message_ids: vec![theirs.id] }).await;
        let page = bob.room_messages(room, charla_client::Place::Newest, None).await.unwrap();
        assert!(ids(&page.results).contains(&theirs.id));

        server.clock.advance(A_MINUTE);
        say(&bob, room, "again").await;
    }

    async fn a_ban_ends_every_session_and_keeps_people_out(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let bob_id = bob_user.user.id;
        let mut socket = open(&bob, Door::All).await;
        let end = server.app.clock.now().plus_millis(MINUTE);
        root.impose_sanction(bob_id, &sanction(SanctionKind::Ban, Some(end))).await.unwrap();
        assert_eq!(wait_for_close(&mut socket).await, Some(4401));
        assert_eq!(refusal(bob.me().await), (401, ErrorCode::SessionEnded));
        let newcomer = server.anonymous();
        assert_eq!(refusal(newcomer.login("bob", PASSWORD).await), BANNED);
        assert_eq!(until(newcomer.login("bob", PASSWORD).await), Some(end));
        // Nobody else learns of it.
        let wrong = (401, ErrorCode::InvalidCredentials);
        assert_eq!(refusal(newcomer.login("bob", "another horse battery").await), wrong);
        server.clock.advance(A_MINUTE);
        newcomer.login("bob", PASSWORD).await.unwrap();
        newcomer.me().await.unwrap();
    }

    async fn what_has_no_end_holds_until_it_is_lifted(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let (bob_id, room) = (bob_user.user.id, server.group(&bob, Visibility::Private, &[]).await.id);
        let end = server.app.clock.now().plus_millis(MINUTE);
        let short = root.impose_sanction(bob_id, &sanction(SanctionKind::Mute, Some(end))).await.unwrap();
        let long = root.impose_sanction(bob_id, &sanction(SanctionKind::Mute, None)).await.unwrap();
        assert_eq!(until(bob.send_message(&text(room, "x")).await), None);
        root.lift_sanction(long.id).await.unwrap();
        assert_eq!(refusal(root.lift_sanction(long.id).await), (404, ErrorCode::NotFound));
        // The other one holds on.
        assert_eq!(until(bob.send_message(&text(room, "x")).await), Some(end));
        root.lift_sanction(short.id).await.unwrap();
        say(&bob, room, "x").await;
        let ban = root.impose_sanction(bob_id, &sanction(SanctionKind::Ban, None)).await.unwrap();
        assert_eq!(refusal(server.anonymous().login("bob", PASSWORD).await), BANNED);
        root.lift_sanction(ban.id).await.unwrap();
        server.anonymous().login("bob", PASSWORD).await.unwrap();
    }

    async fn people_read_what_was_imposed_on_them_and_the_log_has_it(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let bob_id = bob_user.user.id;
        let warning = root.impose_sanction(bob_id, &sanction(SanctionKind::Warning, None)).await.unwrap();
        let mute = root.impose_sanction(bob_id, &sanction(SanctionKind::Mute, None)).await.unwrap();
        root.lift_sanction(mute.id).await.unwrap();
        let own = bob.own_sanctions().await.unwrap().results;
        assert_eq!(own.iter().map(|own| own.id).collect::<Vec<_>>(), [mute.id, warning.id]);
        assert_eq!(own[1].reason, "Be kind");
        assert!(own[0].lifted_at.is_some() && own.iter().all(|own| own.created_by.is_none()));
        let all = root.sanctions(bob_id).await.unwrap().results;
        assert_eq!(all[1], warning);
        let target = AuditFilter { target: Some(bob_id.0), ..AuditFilter::default() };
        let log = root.audit_log(&target).await.unwrap().results;
        let actions: Vec<_> = log.iter().map(|entry| entry.action).collect();
        let expected = [AuditAction::SanctionLifted, AuditAction::PersonMuted, AuditAction::PersonWarned];
        assert_eq!(actions, expected);
        assert_eq!(log[0].details, json!({"sanction_id": mute.id, "kind": "mute"}));
        assert_eq!(log[2].details, json!({"sanction_id": warning.id, "ends_at": null}));
    }

    async fn staff_impose_and_superusers_alone_do_so_to_staff(server: TestServer) {
        let root = superuser(&server, "root").await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (ana_id, bob_id) = (ana_user.user.id, bob_user.user.id);
        let root_id = root.me().await.unwrap().user.id;
        let mute = sanction(SanctionKind::Mute, None);
        assert_eq!(refusal(ana.impose_sanction(bob_id, &mute).await), FORBIDDEN);
        assert_eq!(refusal(ana.sanctions(bob_id).await), FORBIDDEN);
        make_staff(&server, &ana_user).await;
        let imposed = ana.impose_sanction(bob_id, &mute).await.unwrap();
        make_staff(&server, &bob_user).await;
        for person in [bob_id, root_id, ana_id] {
            assert_eq!(refusal(ana.impose_sanction(person, &mute).await), FORBIDDEN);
        }
        assert_eq!(refusal(ana.lift_sanction(imposed.id).await), FORBIDDEN);
        assert_eq!(refusal(bob.lift_sanction(imposed.id).await), FORBIDDEN);
        root.lift_sanction(imposed.id).await.unwrap();
        root.impose_sanction(bob_id, &mute).await.unwrap();
        assert_eq!(refusal(root.impose_sanction(root_id, &mute).await), FORBIDDEN);
        let missing = (404, ErrorCode::NotFound);
        assert_eq!(refusal(root.impose_sanction(Uuid::nil().into(), &mute).await), missing);
        assert_eq!(refusal(root.lift_sanction(Uuid::nil()).await), missing);
    }

    async fn what_makes_no_sense_is_rejected(server: TestServer) {
        let root = staff(&server).await;
        let (_, bob_user) = server.person("bob").await;
        let (bob_id, now) = (bob_user.user.id, server.app.clock.now());
        let with = |kind, reason: &str, ends_at| CreateSanction { kind, reason: reason.to_owned(), ends_at };
        for (body, fields) in [
            (with(SanctionKind::Ban, " ", Some(now)), vec!["ends_at", "reason"]),
            (with(SanctionKind::Mute, &"x".repeat(501), None), vec!["reason"]),
            (with(SanctionKind::Warning, "x", Some(now.plus_millis(MINUTE))), vec!["ends_at"]),
        ] {
            assert_eq!(rejected(root.impose_sanction(bob_id, &body).await), fields);
        }
        let path = format!("/api/v1/admin/users/{bob_id}/sanctions/");
        let body: Value = json!({"kind": "exile", "reason": "x"});
        let answer = root.request(Method::POST, &path, Some(&body)).await.unwrap();
        assert_eq!(answer.status, 400);
        assert!(root.sanctions(bob_id).await.unwrap().results.is_empty());
    }
}
