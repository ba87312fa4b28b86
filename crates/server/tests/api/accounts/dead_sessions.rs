//! Sessions that are over go, and links that nobody has followed.

use std::time::Duration;

use charla_db::{
    queries::{export, link_tokens},
    tables::link_tokens::{Model, Purpose},
};
use charla_protocol::{SessionId, UserId};
use charla_server::jobs;
use charla_testing::{PASSWORD, TestServer, on_each_database};
use uuid::Uuid;

use super::support::{login, me, post, register};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn kept(server: &TestServer, user: UserId) -> usize {
    let nobody = SessionId(Uuid::nil());
    export::sessions(server.app.db.read(), user, nobody, 100).await.unwrap().len()
}

on_each_database! {
    async fn sessions_go_once_their_device_is_forgotten(server: TestServer) {
        let first = register(&server, "ana").await;
        let user = first.user.user.id;
        let second: charla_protocol::auth::SignedIn = login(&server, "ana", PASSWORD).await.json().unwrap();
        let client = server.anonymous();
        client.set_tokens(Some(charla_protocol::auth::Tokens { access: second.access, refresh: second.refresh }));
        client.logout().await.unwrap();
        for _ in 0..4 {
            server.clock.advance(20 * DAY);
            jobs::delete_dead(&server.app).await.unwrap();
        }
        assert_eq!(kept(&server, user).await, 2, "both devices are known for 90 days");
        let third: charla_protocol::auth::SignedIn = login(&server, "ana", PASSWORD).await.json().unwrap();
        server.clock.advance(11 * DAY);
        jobs::delete_dead(&server.app).await.unwrap();
        assert_eq!(kept(&server, user).await, 1);
        let body = serde_json::json!({"refresh": third.refresh});
        let answer = post(&server.anonymous(), "refresh", body).await;
        let fresh: charla_protocol::auth::Tokens = answer.json().unwrap();
        assert_eq!(me(&server, &fresh.access).await.status, 200, "what is in use stays");
    }

    async fn expired_links_go(server: TestServer) {
        let ana = register(&server, "ana").await.user.user.id;
        let now = server.app.clock.now();
        let token = |hash: &str, minutes: i64| Model {
            hash: hash.to_owned(),
            purpose: Purpose::Reset.as_str().to_owned(),
            user_id: ana.0,
            email_key: String::new(),
            created_at: now.millis(),
            expires_at: now.plus_millis(minutes * 60_000).millis(),
        };
        let tx = server.app.db.begin().await.unwrap();
        link_tokens::insert(&tx, token("one", 1)).await.unwrap();
        link_tokens::insert(&tx, token("other", 3)).await.unwrap();
        tx.commit().await.unwrap();
        server.clock.advance(Duration::from_secs(120));
        jobs::delete_dead(&server.app).await.unwrap();
        let found = async |hash| link_tokens::find(server.app.db.read(), hash, Purpose::Reset, now).await.unwrap().is_some();
        assert_eq!((found("one").await, found("other").await), (false, true));
    }
}
