//! Limits on rates, where they are on.

use charla_protocol::{ErrorCode, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};

use super::support::{form, post, refusal};
use crate::support::text;

async fn limited() -> TestServer {
    TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await
}

#[tokio::test]
async fn twenty_sign_ups_an_hour_from_an_address() {
    let server = limited().await;
    for n in 0..20 {
        assert_eq!(post(&server.anonymous(), "register", form(&format!("user{n}"))).await.status, 201);
    }
    let answer = post(&server.anonymous(), "register", form("user20")).await;
    assert_eq!(refusal(&answer), (429, ErrorCode::TooManyRequests));
}

/// Over REST as over a socket; reading is free.
#[tokio::test]
async fn sixty_changes_in_ten_seconds_from_an_account() {
    let server = limited().await;
    let (ana, ana_user) = server.person("ana").await;
    let (bob, _) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Public, &[]).await.id;
    let mut refused = None;
    for n in 0..200 {
        if let Err(error) = ana.send_message(&text(room, &n.to_string())).await {
            refused = Some((n, error));
            break;
        }
    }
    let (n, error) = refused.expect("there is a bound");
    assert!(n >= 50, "{n}");
    assert_eq!((error.status(), error.code()), (Some(429), Some(ErrorCode::TooManyRequests)));
    assert_eq!(ana.me().await.unwrap().user.id, ana_user.user.id);
    bob.join_room(room).await.unwrap();
}
