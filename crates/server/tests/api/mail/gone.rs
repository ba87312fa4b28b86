//! Accounts that are deleted, or out of use, are written to no more.

use std::time::Duration;

use charla_db::{
    queries,
    tables::{link_tokens, mails},
};
use charla_protocol::users::Language;
use charla_server::mail::{Facts, Kind};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use sea_orm::EntityTrait;

use super::support::{ask_for_reset, is_empty, mailing, with_own_smtp};
use crate::accounts::support::{disable, register};

const LATER: Duration = Duration::from_secs(20 * 60);

async fn queue(server: &TestServer) -> Vec<(String, String)> {
    let rows = mails::Entity::find().all(server.app.db.read()).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|mail| (mail.kind, mail.address)).collect();
    rows.sort();
    rows
}

on_each_database! {
    async fn what_waits_for_a_deleted_account_goes_with_it(server: TestServer) {
        let (mut smtp, node, inbox) = with_own_smtp(&server).await;
        smtp.kill().unwrap();
        let (ana, _) = node.person("Ana").await;
        node.person("bob").await;
        for email in ["ANA@Example.org", "Bob@example.org"] {
            assert_eq!(ask_for_reset(&node, email).await.status, 202);
        }
        assert_eq!(queue(&node).await.len(), 4);
        ana.delete_me(PASSWORD).await.unwrap();
        let bobs = |kind: &str| (kind.to_owned(), "bob@example.org".to_owned());
        assert_eq!(queue(&node).await, [bobs("reset"), bobs("verify")]);
        smtp.restart().unwrap();
        node.clock.advance(LATER);
        node.app.post.flush().await;
        let sent: Vec<String> = inbox.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(sent, ["bob@example.org", "bob@example.org"]);
        assert!(is_empty(&node).await);
    }

    async fn nothing_goes_to_who_is_out_of_use(server: TestServer) {
        let (mut smtp, node, inbox) = with_own_smtp(&server).await;
        smtp.kill().unwrap();
        let eve = register(&node, "eve").await;
        ask_for_reset(&node, "eve@example.org").await;
        assert_eq!(queue(&node).await.len(), 2);
        disable(&node, &eve).await;
        let row = queries::users::find(node.app.db.read(), eve.user.user.id).await.unwrap().unwrap();
        let (rules, clock) = (node.app.post.rules, &*node.app.clock);
        for kind in [Kind::SignIn, Kind::PasswordChanged, Kind::EmailChanged] {
            assert_eq!(rules.notice(clock, kind, &row, &Facts::default(), Language::En), None, "nor is it written");
        }
        assert_eq!(rules.verify(clock, &row, Language::En), None);
        smtp.restart().unwrap();
        node.clock.advance(LATER);
        ask_for_reset(&node, "eve@example.org").await;
        assert!(inbox.mails().is_empty() && is_empty(&node).await);
    }

    /// Whether a mail is just being written or not: what its link was good for goes with the account.
    async fn no_link_outlives_its_account(server: TestServer) {
        let (node, _inbox) = mailing(&server).await;
        for round in 0..8 {
            let (ana, _) = node.person(&format!("ana{round}")).await;
            let email = format!("ana{round}@example.org");
            let (gone, _) = tokio::join!(ana.delete_me(PASSWORD), ask_for_reset(&node, &email));
            gone.unwrap();
            node.app.post.flush().await;
            assert!(link_tokens::Entity::find().all(node.app.db.read()).await.unwrap().is_empty(), "round {round}");
            assert!(is_empty(&node).await);
        }
    }
}
