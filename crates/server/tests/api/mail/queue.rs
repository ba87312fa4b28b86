//! The queue: mails survive what may happen to the mail server and to ours, and are sent once.

use std::{collections::BTreeSet, time::Duration};

use charla_db::queries;
use charla_protocol::users::Language;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use serde_json::json;

use super::support::{ask_for_reset, is_empty, mailing, post, verify, with_own_smtp};
use crate::accounts::support::form;

const MINUTE: Duration = Duration::from_secs(60);

/// Makes an account of that e-mail address, which is mailed a link.
async fn sign_up(server: &TestServer, email: &str) {
    let mut body = form(email.split('@').next().unwrap());
    body["email"] = json!(email);
    assert_eq!(post(&server.anonymous(), "register", body).await.status, 201);
    server.app.post.flush().await;
}

on_each_database! {
    async fn a_mail_server_that_was_away_gets_each_mail_once(server: TestServer) {
        let (mut smtp, node, inbox) = with_own_smtp(&server).await;
        smtp.kill().unwrap();
        sign_up(&node, "ana@example.org").await;
        sign_up(&node, "bob@example.org").await;
        smtp.restart().unwrap();
        node.app.post.flush().await;
        assert!(inbox.mails().is_empty() && !is_empty(&node).await, "it is not time yet");
        node.clock.advance(MINUTE);
        node.app.post.flush().await;
        let mut sent: Vec<String> = inbox.mails().into_iter().map(|mail| mail.to).collect();
        sent.sort();
        assert_eq!(sent, ["ana@example.org", "bob@example.org"]);
        assert!(is_empty(&node).await);
        node.clock.advance(60 * MINUTE);
        node.app.post.flush().await;
        assert_eq!(inbox.mails().len(), 2);
    }

    async fn what_waits_outlives_a_restart(server: TestServer) {
        let (mut smtp, mut node, inbox) = with_own_smtp(&server).await;
        smtp.kill().unwrap();
        sign_up(&node, "ana@example.org").await;
        node.stop().await;
        smtp.restart().unwrap();
        node.clock.advance(MINUTE);
        assert!(inbox.mails().is_empty());
        node.restart().await;
        node.app.post.flush().await;
        assert_eq!(inbox.mails().len(), 1);
        let token = inbox.mails()[0].token("verify");
        assert_eq!(verify(&node, &token).await.status, 204);
        assert!(is_empty(&node).await);
    }

    async fn two_nodes_send_each_mail_once(server: TestServer) {
        let (mut smtp, one, inbox) = with_own_smtp(&server).await;
        let other = server.beside(inbox.settings(&smtp.url())).await;
        smtp.kill().unwrap();
        let names: Vec<String> = (0..20).map(|n| format!("person{n}@example.org")).collect();
        for name in &names {
            sign_up(&one, name).await;
        }
        smtp.restart().unwrap();
        one.clock.advance(20 * MINUTE);
        tokio::join!(one.app.post.flush(), other.app.post.flush());
        let sent: Vec<String> = inbox.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(sent.len(), names.len(), "{sent:?}");
        assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), names.into_iter().collect());
        assert!(is_empty(&one).await);
    }

    async fn a_node_that_died_over_a_mail_leaves_it_to_others(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        node.person("ana").await;
        node.app.post.flush().await;
        let mail = node.app.post.rules.reset(&*node.app.clock, "ana@example.org", Language::En).unwrap();
        let tx = node.app.db.begin().await.unwrap();
        queries::mails::insert(&tx, mail.clone()).await.unwrap();
        let until = node.app.clock.now().plus_millis(5 * 60 * 1000);
        assert!(queries::mails::take(&tx, &mail, until).await.unwrap());
        assert!(!queries::mails::take(&tx, &mail, until).await.unwrap(), "it is taken");
        tx.commit().await.unwrap();
        node.app.post.flush().await;
        assert_eq!(inbox.mails().len(), 1);
        node.clock.advance(5 * MINUTE);
        node.app.post.flush().await;
        assert_eq!(inbox.mails().len(), 2);
        assert!(is_empty(&node).await);
    }

    async fn what_is_put_off_comes_later_and_what_is_refused_never(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let later = format!("later{}@example.org", uuid::Uuid::new_v4().simple());
        sign_up(&node, &later).await;
        assert!(inbox.mails().is_empty() && !is_empty(&node).await);
        sign_up(&node, "refused@example.org").await;
        node.clock.advance(MINUTE);
        node.app.post.flush().await;
        assert_eq!(inbox.mails().iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [later]);
        assert!(is_empty(&node).await);
    }

    async fn what_comes_too_late_is_given_up(server: TestServer) {
        let (mut smtp, node, inbox) = with_own_smtp(&server).await;
        smtp.kill().unwrap();
        sign_up(&node, "ana@example.org").await;
        ask_for_reset(&node, "ana@example.org").await;
        let mut rounds = 0;
        while let Some(due) = queries::mails::next_due(node.app.db.read()).await.unwrap() {
            let wait = due.millis() - node.app.clock.now().millis();
            assert!(wait <= 60 * 60 * 1000, "{wait}");
            node.clock.advance(Duration::from_millis(wait.max(0).unsigned_abs()));
            node.app.post.flush().await;
            rounds += 1;
            assert!(rounds < 60);
        }
        // Six times within the first hour, and then every hour.
        assert!(rounds > 25, "{rounds}");
        smtp.restart().unwrap();
        node.app.post.flush().await;
        assert!(inbox.mails().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_debug_mails_count_as_sent() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.debug = true).await;
    server.person("ana").await;
    server.app.post.flush().await;
    assert!(is_empty(&server).await);
}
