//! `/api/v1/auth/email/verify/`, and what an account may do before.

use std::time::Duration;

use charla_client::{Client, Door, RawResponse};
use charla_protocol::{ErrorCode, rooms::Visibility, users::Me};
use charla_server::ops::accounts::{self, Form};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{is_empty, mailing, mailing_with, post, verify};
use crate::accounts::support::{refusal, rejected_names};

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
