//! `POST /api/v1/auth/refresh/`.

use std::time::Duration;

use charla_protocol::{
    ErrorCode,
    auth::{SignedIn, Tokens},
};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use serde_json::json;

use super::support::{disable, login, me, post, post_with, refusal, register, set_cookies};

async fn refresh(server: &TestServer, token: &str) -> charla_client::RawResponse {
    post(&server.anonymous(), "refresh", json!({"refresh": token})).await
}

on_each_database! {
    async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session(server: TestServer) {
        let first = register(&server, "maria").await;
        let other: SignedIn = login(&server, "maria", PASSWORD).await.json().unwrap();
        let answer = refresh(&server, &first.refresh).await;
        assert_eq!(answer.status, 200);
        assert_eq!(set_cookies(&answer).len(), 2);
        let second: Tokens = answer.json().unwrap();
        assert_eq!(me(&server, &second.access).await.status, 200);
        assert_eq!(me(&server, &first.access).await.status, 200, "the older access token lives on");

        assert_eq!(refusal(&refresh(&server, &first.refresh).await), (401, ErrorCode::SessionEnded));
        for access in [&first.access, &second.access] {
            assert_eq!(refusal(&me(&server, access).await), (401, ErrorCode::SessionEnded));
        }
        assert_eq!(refusal(&refresh(&server, &second.refresh).await), (401, ErrorCode::SessionEnded));
        assert_eq!(me(&server, &other.access).await.status, 200, "the other device stays signed in");
    }

    async fn at_once_it_is_good_once(server: TestServer) {
        let first = register(&server, "maria").await;
        let answers = join_all((0..6).map(|_| refresh(&server, &first.refresh))).await;
        assert!(answers.iter().filter(|answer| answer.status == 200).count() <= 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(refusal(answer), (401, ErrorCode::SessionEnded));
        }
        assert_eq!(refusal(&me(&server, &first.access).await), (401, ErrorCode::SessionEnded));
    }

    async fn it_goes_on_for_thirty_days_after_the_last(server: TestServer) {
        let first = register(&server, "maria").await;
        let day = Duration::from_secs(24 * 60 * 60);
        server.clock.advance(20 * day);
        let second: Tokens = refresh(&server, &first.refresh).await.json().unwrap();
        server.clock.advance(20 * day);
        let third: Tokens = refresh(&server, &second.refresh).await.json().unwrap();
        server.clock.advance(31 * day);
        assert_eq!(refusal(&refresh(&server, &third.refresh).await), (401, ErrorCode::InvalidToken));
        assert_eq!(refusal(&me(&server, &third.access).await), (401, ErrorCode::InvalidToken));
    }
}

#[tokio::test]
async fn what_is_no_refresh_token() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let signed_in = register(&server, "maria").await;
    assert_eq!(refusal(&refresh(&server, &signed_in.access).await), (401, ErrorCode::InvalidToken));
    assert_eq!(refusal(&refresh(&server, "x").await), (401, ErrorCode::InvalidToken));
    let without = post_with(&server, "refresh", &[], None).await;
    assert_eq!(refusal(&without), (401, ErrorCode::NotAuthenticated));
    disable(&server, &signed_in).await;
    assert_eq!(refusal(&refresh(&server, &signed_in.refresh).await), (403, ErrorCode::AccountDisabled));
}

#[tokio::test]
async fn the_cookie_does_as_well_with_a_body_or_without() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let mut token = register(&server, "maria").await.refresh;
    for body in [None, Some(json!({})), Some(json!({"refresh": null}))] {
        let answer =
            post_with(&server, "refresh", &[("cookie", &format!("refresh_token={token}"))], body).await;
        assert_eq!(answer.status, 200);
        token = answer.json::<Tokens>().unwrap().refresh;
    }
}
