//! `/api/v1/auth/sessions/`.

use charla_client::Door;
use charla_db::queries;
use charla_protocol::{ErrorCode, List, SessionId, auth::Session, auth::SignedIn};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use reqwest::Method;

use super::support::{disable, login, me, post, refusal, register};
use crate::support::{open, wait_for_close};

fn client(server: &TestServer, signed_in: &SignedIn) -> charla_client::Client {
    let client = server.anonymous();
    client.set_tokens(Some(charla_protocol::auth::Tokens {
        access: signed_in.access.clone(),
        refresh: signed_in.refresh.clone(),
    }));
    client
}

on_each_database! {
    async fn devices_are_listed_and_ended(server: TestServer) {
        let here = register(&server, "maria").await;
        let there: SignedIn = login(&server, "maria", PASSWORD).await.json().unwrap();
        register(&server, "jose").await;
        let maria = client(&server, &here);

        let List { results, .. } = maria.sessions().await.unwrap();
        assert_eq!(results.len(), 2);
        let (mine, other): (Vec<&Session>, Vec<&Session>) = results.iter().partition(|session| session.is_current);
        assert_eq!((mine.len(), other.len()), (1, 1));
        assert_eq!(mine[0].ip_address.as_deref(), Some("127.0.0.1"));
        assert!(mine[0].expires_at > mine[0].created_at);

        maria.end_session(other[0].id).await.unwrap();
        assert_eq!(refusal(&me(&server, &there.access).await), (401, ErrorCode::SessionEnded));
        assert_eq!(maria.sessions().await.unwrap().results.len(), 1);
        assert_eq!(maria.end_session(other[0].id).await.unwrap_err().code(), Some(ErrorCode::NotFound));
        assert_eq!(me(&server, &here.access).await.status, 200);
    }

    async fn past_a_hundred_the_one_unused_for_the_longest_ends(server: TestServer) {
        let first = register(&server, "maria").await;
        let second: SignedIn = login(&server, "maria", PASSWORD).await.json().unwrap();
        let jose = register(&server, "jose").await;
        for _ in 2..100 {
            assert_eq!(login(&server, "maria", PASSWORD).await.status, 200);
        }
        let maria = client(&server, &first);
        assert_eq!(maria.sessions().await.unwrap().results.len(), 100);
        // The older one is in use.
        let body = serde_json::json!({"refresh": first.refresh});
        assert_eq!(post(&server.anonymous(), "refresh", body).await.status, 200);
        let mut socket = open(&client(&server, &second), Door::All).await;
        let newest: SignedIn = login(&server, "maria", PASSWORD).await.json().unwrap();

        assert_eq!(maria.sessions().await.unwrap().results.len(), 100);
        assert_eq!(wait_for_close(&mut socket).await, Some(4401));
        assert_eq!(refusal(&me(&server, &second.access).await), (401, ErrorCode::SessionEnded));
        for access in [&first.access, &newest.access, &jose.access] {
            assert_eq!(me(&server, access).await.status, 200);
        }
    }

    /// What a node looks for among the sessions of its sockets.
    async fn sessions_that_are_good_for_nothing(server: TestServer) {
        let [ana, bob, eve, dan] = [register(&server, "ana").await, register(&server, "bob").await, register(&server, "eve").await, register(&server, "dan").await];
        let mut ids = Vec::new();
        for who in [&ana, &bob, &eve, &dan] {
            let (db, user, nobody) = (server.app.db.read(), who.user.user.id, SessionId(uuid::Uuid::nil()));
            ids.push(SessionId(queries::export::sessions(db, user, nobody, 1).await.unwrap()[0].id));
        }
        let barred = async |only_verified| {
            let mut found = queries::sessions::barred(server.app.db.read(), &ids, only_verified, server.app.clock.now()).await.unwrap();
            found.sort_unstable();
            found
        };
        assert_eq!(barred(false).await, []);
        let tx = server.app.db.begin().await.unwrap();
        let mut row = queries::users::lock(&tx, eve.user.user.id).await.unwrap().unwrap();
        row.email_verified_at = Some(1);
        queries::users::update(&tx, row).await.unwrap();
        let mut row = queries::users::lock(&tx, dan.user.user.id).await.unwrap().unwrap();
        row.is_superuser = true;
        queries::users::update(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(barred(true).await, ids[..2], "who has verified, or need not, may go on");
        disable(&server, &eve).await;
        assert_eq!(barred(false).await, [ids[2]]);
        server.clock.advance(std::time::Duration::from_secs(31 * 24 * 3600));
        assert_eq!(barred(false).await, ids);
    }

    async fn others_sessions_are_not_there(server: TestServer) {
        let maria = client(&server, &register(&server, "maria").await);
        let jose = client(&server, &register(&server, "jose").await);
        let josés = jose.sessions().await.unwrap().results[0].id;
        assert_eq!(maria.end_session(josés).await.unwrap_err().code(), Some(ErrorCode::NotFound));
        let nobodys = SessionId(uuid::Uuid::nil());
        assert_eq!(maria.end_session(nobodys).await.unwrap_err().code(), Some(ErrorCode::NotFound));
        assert_eq!(jose.sessions().await.unwrap().results.len(), 1);
        let answer = maria.request(Method::DELETE, "/api/v1/auth/sessions/x/", None).await.unwrap();
        assert_eq!(answer.status, 404);
    }
}
