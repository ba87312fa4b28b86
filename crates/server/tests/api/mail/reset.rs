//! `/api/v1/auth/password/reset/`.

use std::time::Duration;

use charla_client::Door;
use charla_protocol::{ErrorCode, auth::ChangePassword};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use serde_json::json;

use super::support::{ask_for_reset, confirm, is_empty, mailing, mailing_with, post, verify};
use crate::{
    accounts::support::{disable, login, refusal, register, rejected_names},
    support::{open, wait_for_close},
};

const NEW: &str = "another horse staple";
const OTHER: &str = "a third horse staple";

on_each_database! {
    async fn a_link_from_the_mail_sets_a_new_password_once(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        let mut socket = open(&ana, Door::All).await;
        assert_eq!(ask_for_reset(&node, " ANA@Example.org ").await.status, 202);
        let mail = inbox.to("ana@example.org").pop().unwrap();
        assert_eq!(mail.subject, "Choose a new password");
        let token = mail.token("reset");

        assert_eq!(rejected_names(&confirm(&node, &token, "short").await), ["new_password"]);
        assert_eq!(rejected_names(&confirm(&node, &token, "ana@example.org").await), ["new_password"]);
        assert_eq!(confirm(&node, &token, NEW).await.status, 204);
        assert_eq!(wait_for_close(&mut socket).await, Some(4401));
        assert_eq!(ana.me().await.unwrap_err().code(), Some(ErrorCode::SessionEnded));
        assert_eq!(login(&node, "ana", PASSWORD).await.status, 401);
        let answer = login(&node, "ana", NEW).await;
        let signed_in: charla_protocol::auth::SignedIn = answer.json().unwrap();
        assert!(signed_in.user.email_verified, "the link has shown whose the address is");
        assert_eq!(rejected_names(&confirm(&node, &token, OTHER).await), ["token"]);

        node.app.post.flush().await;
        let told = inbox.to("ana@example.org");
        assert!(told.iter().any(|mail| mail.subject == "Your password was changed"));
        assert!(is_empty(&node).await);
    }

    async fn nobody_learns_whether_an_address_is_anybodys(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        node.person("ana").await;
        disable(&node, &register(&node, "bob").await).await;
        node.app.post.flush().await;
        let before = inbox.mails().len();
        let mut answers = Vec::new();
        for email in ["ana@example.org", "bob@example.org", "nobody@example.org"] {
            let answer = ask_for_reset(&node, email).await;
            let mut headers: Vec<(String, String)> = answer.headers.iter()
                .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            headers.sort();
            answers.push((answer.status, answer.body, headers));
        }
        assert_eq!(answers[0].0, 202);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let mails = inbox.mails();
        assert_eq!(mails.len(), before + 1);
        assert_eq!(mails.last().unwrap().to, "ana@example.org");
        assert!(is_empty(&node).await);
    }

    async fn links_die_with_what_they_were_for(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        let fresh = async || {
            ask_for_reset(&node, "ana@example.org").await;
            inbox.to("ana@example.org").pop().unwrap().token("reset")
        };
        let (older, newer) = (fresh().await, fresh().await);
        assert_eq!(confirm(&node, &newer, NEW).await.status, 204);
        assert_eq!(rejected_names(&confirm(&node, &older, OTHER).await), ["token"], "a newer one was used");
        node.app.post.flush().await;

        let changed = fresh().await;
        ana.login("ana", NEW).await.unwrap();
        let change = ChangePassword { old_password: NEW.to_owned(), new_password: OTHER.to_owned() };
        ana.change_password(&change).await.unwrap();
        node.app.post.flush().await;
        assert_eq!(rejected_names(&confirm(&node, &changed, NEW).await), ["token"], "the password has changed");

        let moved = fresh().await;
        let body = json!({"email": "ana@example.net"});
        assert_eq!(ana.request(reqwest::Method::PATCH, "/api/v1/users/me/", Some(&body)).await.unwrap().status, 200);
        assert_eq!(rejected_names(&confirm(&node, &moved, NEW).await), ["token"], "the address is another");
        node.app.post.flush().await;

        ask_for_reset(&node, "ana@example.net").await;
        let late = inbox.to("ana@example.net").pop().unwrap().token("reset");
        node.clock.advance(Duration::from_secs(60 * 60));
        assert_eq!(rejected_names(&confirm(&node, &late, NEW).await), ["token"], "an hour has passed");
        assert_eq!(login(&node, "ana", OTHER).await.status, 200);
    }

    async fn one_of_many_racing_confirms_wins(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        node.person("ana").await;
        ask_for_reset(&node, "ana@example.org").await;
        let token = inbox.to("ana@example.org").pop().unwrap().token("reset");
        let passwords: Vec<String> = (0..6).map(|n| format!("{NEW} {n}")).collect();
        let answers = join_all(passwords.iter().map(|password| confirm(&node, &token, password))).await;
        let mut winners = 0;
        for (answer, password) in answers.iter().zip(&passwords) {
            let works = login(&node, "ana", password).await.status == 200;
            assert_eq!(works, answer.status == 204, "{password}");
            if !works {
                assert_eq!(rejected_names(answer), ["token"]);
            }
            winners += usize::from(works);
        }
        assert_eq!(winners, 1);
    }

    /// A session that is being renewed ends with the others, whichever comes first.
    async fn no_session_is_renewed_past_a_new_password(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        node.person("ana").await;
        for round in 0..4 {
            let password = if round == 0 { PASSWORD.to_owned() } else { format!("{NEW} {round}") };
            let mut clients = Vec::new();
            for _ in 0..5 {
                let client = node.anonymous();
                client.login("ana", &password).await.unwrap();
                clients.push(client);
            }
            ask_for_reset(&node, "ana@example.org").await;
            let token = inbox.to("ana@example.org").into_iter().rfind(|mail| mail.subject == "Choose a new password").unwrap().token("reset");
            let next = format!("{NEW} {}", round + 1);
            // Again and again, so that one is always under way.
            let renewing = join_all(clients.iter().map(async |client| {
                for _ in 0..100 {
                    if client.refresh().await.is_err() {
                        break;
                    }
                }
            }));
            let (_, set) = tokio::join!(renewing, confirm(&node, &token, &next));
            assert_eq!(set.status, 204);
            for client in clients {
                assert_eq!(client.me().await.unwrap_err().code(), Some(ErrorCode::SessionEnded), "round {round}");
                assert!(client.refresh().await.is_err(), "round {round}");
            }
        }
    }

    async fn what_one_link_is_for_another_does_not_do(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        node.person("ana").await;
        node.app.post.flush().await;
        let of_sign_up = inbox.to("ana@example.org").pop().unwrap().token("verify");
        assert_eq!(rejected_names(&confirm(&node, &of_sign_up, NEW).await), ["token"]);
        ask_for_reset(&node, "ana@example.org").await;
        let reset = inbox.to("ana@example.org").pop().unwrap().token("reset");
        assert_eq!(rejected_names(&verify(&node, &reset).await), ["token"]);
        assert_eq!(confirm(&node, &reset, NEW).await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_have_the_same_limit() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (node, _inbox) = mailing_with(&server, |config| config.rate_limits = true).await;
    node.person("ana").await;
    for email in ["ana@example.org", "nobody@example.org"] {
        let ask = |written: String| post_reset(&node, written);
        for n in 0..5 {
            let written = if n % 2 == 0 { email.to_uppercase() } else { email.to_owned() };
            assert_eq!(ask(written).await.status, 202);
        }
        assert_eq!(refusal(&ask(email.to_owned()).await), (429, ErrorCode::TooManyRequests));
    }
}

async fn post_reset(server: &TestServer, email: String) -> charla_client::RawResponse {
    post(&server.anonymous(), "password/reset", json!({ "email": email })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nothing_is_queued() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    assert_eq!(post_reset(&server, "ana@example.org".to_owned()).await.status, 202);
    assert!(is_empty(&server).await);
    let answer = post(&ana, "email/verify/send", json!({})).await;
    assert_eq!(refusal(&answer), (409, ErrorCode::NoMail));
}
