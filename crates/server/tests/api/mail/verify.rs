//! `/api/v1/auth/email/verify/`, and what an account may do before.

use std::{collections::BTreeSet, time::Duration};

use charla_client::{Client, Door, RawResponse};
use charla_protocol::{ErrorCode, rooms::Visibility, users::Me};
use charla_server::ops::accounts::{self, Form};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{is_empty, mailing, mailing_with, post, verify};
use crate::{
    accounts::support::{refusal, rejected_names},
    support::{drain, open, wait_for_goodbye},
};

const HELD: (u16, ErrorCode) = (403, ErrorCode::EmailNotVerified);

async fn call(client: &Client, method: Method, path: &str, body: Option<Value>) -> RawResponse {
    client.request(method, &format!("/api/v1/{path}"), body.as_ref()).await.unwrap()
}

async fn move_to(client: &Client, email: &str) -> Me {
    call(client, Method::PATCH, "users/me/", Some(json!({ "email": email }))).await.json().unwrap()
}

on_each_database! {
    async fn the_link_of_the_sign_up_is_good_once_and_for_a_day(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, me) = node.person("ana").await;
        assert!(!me.email_verified);
        node.app.post.flush().await;
        let mail = inbox.to("ana@example.org").pop().unwrap();
        assert_eq!(mail.subject, "Verify your e-mail address");
        assert!(!mail.text.contains("ana"), "no name that somebody chose: {}", mail.text);
        let token = mail.token("verify");
        assert_eq!(rejected_names(&verify(&node, "nonsense").await), ["token"]);
        assert_eq!(verify(&node, &token).await.status, 204);
        assert!(ana.me().await.unwrap().email_verified);
        assert_eq!(rejected_names(&verify(&node, &token).await), ["token"]);
        assert_eq!(post(&ana, "email/verify/send", json!({})).await.status, 202);
        assert!(is_empty(&node).await, "what is verified needs no mail");

        let (bob, _) = node.person("bob").await;
        node.app.post.flush().await;
        let late = inbox.to("bob@example.org").pop().unwrap().token("verify");
        node.clock.advance(Duration::from_secs(24 * 60 * 60));
        assert_eq!(rejected_names(&verify(&node, &late).await), ["token"]);
        bob.refresh().await.unwrap();
        assert_eq!(post(&bob, "email/verify/send", json!({})).await.status, 202);
        node.app.post.flush().await;
        assert_eq!(verify(&node, &inbox.to("bob@example.org").pop().unwrap().token("verify")).await.status, 204);
        assert!(bob.me().await.unwrap().email_verified);
    }

    async fn a_changed_address_is_verified_anew_and_the_old_one_is_told(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        node.app.post.flush().await;
        let first = inbox.to("ana@example.org").pop().unwrap().token("verify");
        assert_eq!(verify(&node, &first).await.status, 204);
        assert!(move_to(&ana, "ANA@example.org").await.email_verified, "the same in other letters");
        assert!(is_empty(&node).await);

        assert!(!move_to(&ana, "ana@example.net").await.email_verified);
        node.app.post.flush().await;
        let told = inbox.mails().into_iter().find(|mail| mail.to.eq_ignore_ascii_case("ana@example.org") && mail.subject == "Your e-mail address was changed");
        assert!(!told.unwrap().text.contains("example.net"), "who has the old one need not know the new one");
        let second = inbox.to("ana@example.net").pop().unwrap().token("verify");
        move_to(&ana, "ana@example.com").await;
        move_to(&ana, "ana@example.net").await;
        assert_eq!(rejected_names(&verify(&node, &second).await), ["token"], "it has changed since");
        node.app.post.flush().await;
        let third = inbox.to("ana@example.net").into_iter().rfind(|mail| mail.subject.starts_with("Verify"));
        assert_eq!(verify(&node, &third.unwrap().token("verify")).await.status, 204);
        assert!(ana.me().await.unwrap().email_verified);
    }

    async fn where_it_is_asked_for_an_unverified_account_can_do_no_more_than_verify(server: TestServer) {
        let (node, inbox) = mailing_with(&server, |config| config.require_verified_email = true).await;
        let (ana, me) = node.person("ana").await;
        node.app.post.flush().await;
        let refused: [(Method, &str, Option<Value>); 7] = [
            (Method::GET, "chat/rooms/", None),
            (Method::POST, "chat/rooms/", Some(json!({"name": "x", "room_type": "group"}))),
            (Method::GET, "users/", None),
            (Method::GET, &format!("users/{}/", me.user.id), None),
            (Method::GET, "users/me/export/", None),
            (Method::PATCH, "users/me/", Some(json!({"bio": "Buy!"}))),
            (Method::GET, "friends/", None),
        ];
        for (method, path, body) in refused {
            assert_eq!(refusal(&call(&ana, method.clone(), path, body).await), HELD, "{method} {path}");
        }
        for door in [Door::All, Door::Room(charla_protocol::RoomId(uuid::Uuid::nil()))] {
            let error = ana.socket(door).await.unwrap_err();
            assert_eq!((error.status(), error.code()), (Some(403), Some(ErrorCode::EmailNotVerified)));
        }
        assert_eq!(call(&ana, Method::GET, "auth/sessions/", None).await.status, 200);
        assert!(!ana.me().await.unwrap().email_verified);
        move_to(&ana, "ana@example.net").await;
        node.app.post.flush().await;
        assert!(inbox.mails().iter().all(|mail| mail.subject.starts_with("Verify")), "no notices to who knows where");

        let token = inbox.to("ana@example.net").pop().unwrap().token("verify");
        assert_eq!(verify(&node, &token).await.status, 204);
        node.group(&ana, Visibility::Public, &[]).await;
        ana.socket(Door::All).await.unwrap();
    }

    /// Whoever moves to an address that is not verified is where they were before they had verified the first: sockets too.
    async fn where_it_is_asked_for_a_changed_address_ends_the_sockets(server: TestServer) {
        let (node, inbox) = mailing_with(&server, |config| config.require_verified_email = true).await;
        let (ana, _) = node.person("ana").await;
        let (bob, bob_user) = node.person("bob").await;
        node.app.post.flush().await;
        for email in ["ana@example.org", "bob@example.org"] {
            assert_eq!(verify(&node, &inbox.to(email).pop().unwrap().token("verify")).await.status, 204);
        }
        let room = node.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let tablet = node.anonymous();
        tablet.login("ana", PASSWORD).await.unwrap();
        let mut own = [open(&ana, Door::All).await, open(&ana, Door::Room(room)).await, open(&tablet, Door::All).await];
        let mut bobs = open(&bob, Door::All).await;
        move_to(&ana, "ANA@example.org").await;
        drain(&mut own[0]).await;
        move_to(&ana, "ana@example.net").await;
        for socket in &mut own {
            assert_eq!(wait_for_goodbye(socket).await, (Some(4401), "email not verified".to_owned()));
        }
        let error = ana.socket(Door::All).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(403), Some(ErrorCode::EmailNotVerified)));
        drain(&mut bobs).await;
        node.app.post.flush().await;
        let token = inbox.to("ana@example.net").pop().unwrap().token("verify");
        assert_eq!(verify(&node, &token).await.status, 204);
        open(&tablet, Door::All).await;
    }

    async fn elsewhere_sockets_outlive_a_changed_address(server: TestServer) {
        let (node, _inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        let mut socket = open(&ana, Door::All).await;
        move_to(&ana, "ana@example.net").await;
        drain(&mut socket).await;
    }

    /// However the two meet: no socket is left open.
    async fn a_handshake_that_meets_the_change_does_not_slip_in(server: TestServer) {
        let (node, inbox) = mailing_with(&server, |config| config.require_verified_email = true).await;
        let (ana, _) = node.person("ana").await;
        let mut late = BTreeSet::new();
        for round in 0..8 {
            node.app.post.flush().await;
            let email = if round == 0 { "ana@example.org".to_owned() } else { format!("ana{round}@example.org") };
            assert_eq!(verify(&node, &inbox.to(&email).pop().unwrap().token("verify")).await.status, 204);
            let next = format!("ana{}@example.org", round + 1);
            let (sockets, _) = tokio::join!(join_all((0..4).map(|_| ana.socket(Door::All))), move_to(&ana, &next));
            for mut socket in sockets.into_iter().flatten() {
                let (code, reason) = wait_for_goodbye(&mut socket).await;
                assert_eq!(code, Some(4401), "round {round}");
                late.extend((reason != "email not verified").then_some(round));
            }
        }
        // What looks for them every ten seconds may by chance be the first.
        assert!(late.len() <= 1, "{late:?}");
    }

    /// However the two meet: no address counts as verified whose link has not come back.
    async fn a_link_that_meets_a_change_verifies_the_old_address_alone(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        for round in 0..8 {
            node.app.post.flush().await;
            let email = ana.me().await.unwrap().email.unwrap();
            let token = inbox.to(&email).pop().unwrap().token("verify");
            let next = format!("ana{round}@example.org");
            let (answer, changed) = tokio::join!(verify(&node, &token), move_to(&ana, &next));
            assert!([204, 400].contains(&answer.status), "{answer:?}");
            let me = ana.me().await.unwrap();
            assert_eq!((me.email, me.email_verified), (changed.email, false), "round {round}");
        }
    }

    async fn a_client_does_all_of_it(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        node.app.post.flush().await;
        ana.send_verification().await.unwrap();
        node.app.post.flush().await;
        let links = inbox.to("ana@example.org");
        assert_eq!(links.len(), 2);
        let stranger = node.anonymous();
        stranger.verify_email(&links[0].token("verify")).await.unwrap();
        assert!(stranger.verify_email(&links[1].token("verify")).await.is_err(), "one was followed");
        stranger.request_password_reset("ana@example.org").await.unwrap();
        node.app.post.flush().await;
        let token = inbox.to("ana@example.org").pop().unwrap().token("reset");
        stranger.confirm_password_reset(&token, "another horse staple").await.unwrap();
        stranger.login("ana", "another horse staple").await.unwrap();
    }

    async fn who_runs_the_server_counts_as_verified(server: TestServer) {
        let (node, inbox) = mailing_with(&server, |config| config.require_verified_email = true).await;
        let app = &node.app;
        for (username, email) in [("root", Some("root@example.org")), ("nomail", None)] {
            let form = Form { username, email, password: PASSWORD, ..Form::default() };
            accounts::create_superuser(&app.db, &*app.clock, &app.passwords, app.config.direct_messages, form).await.unwrap();
            let client = node.anonymous();
            let me = client.login(username, PASSWORD).await.unwrap().user;
            assert_eq!(me.email_verified, email.is_some());
            client.rooms().await.unwrap();
        }
        app.post.flush().await;
        assert_eq!(inbox.mails().iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["root@example.org"], "of a new device");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_can_be_asked_for_five_times_an_hour() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (node, _inbox) = mailing_with(&server, |config| config.rate_limits = true).await;
    let (ana, _) = node.person("ana").await;
    for _ in 0..5 {
        assert_eq!(post(&ana, "email/verify/send", json!({})).await.status, 202);
    }
    let answer = post(&ana, "email/verify/send", json!({})).await;
    assert_eq!(refusal(&answer), (429, ErrorCode::TooManyRequests));
}
