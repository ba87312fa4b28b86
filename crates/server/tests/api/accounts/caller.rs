//! Who is calling, at any endpoint.

use std::time::Duration;

use charla_protocol::ErrorCode;
use charla_testing::{DatabaseKind, TestServer};

use super::support::{disable, me, refusal, register, with_header};

#[tokio::test]
async fn credentials_that_are_no_good() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let maria = register(&server, "maria").await;
    assert_eq!(with_header(&server, "cookie", &format!("access_token={}", maria.access)).await.status, 200);
    let without = with_header(&server, "x-nothing", "1").await;
    assert_eq!(refusal(&without), (401, ErrorCode::NotAuthenticated));
    assert_eq!(without.header("www-authenticate"), Some("Bearer"));
    for bad in ["x", "", &maria.refresh, &format!("{}x", maria.access)] {
        assert_eq!(refusal(&me(&server, bad).await), (401, ErrorCode::InvalidToken), "{bad}");
    }
    assert_eq!(
        refusal(&with_header(&server, "authorization", "Basic bWFyaWE6eA==").await),
        (401, ErrorCode::InvalidToken)
    );
    server.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(refusal(&me(&server, &maria.access).await), (401, ErrorCode::InvalidToken));
}

#[tokio::test]
async fn a_bad_header_is_not_made_good_by_a_cookie() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let maria = register(&server, "maria").await;
    let client = server.anonymous();
    let request = client
        .request_builder(reqwest::Method::GET, "/api/v1/users/me/")
        .unwrap()
        .header("authorization", "Bearer x")
        .header("cookie", format!("access_token={}", maria.access));
    assert_eq!(refusal(&client.send_request(request).await.unwrap()), (401, ErrorCode::InvalidToken));
}

#[tokio::test]
async fn the_header_of_a_handshake_counts_before_its_subprotocol_and_that_before_its_cookie() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let good = register(&server, "maria").await.access;
    let bad = "x".to_owned();
    for (header, subprotocol, cookie, status) in [
        (Some(&good), Some(&bad), Some(&bad), 101),
        (Some(&bad), Some(&good), Some(&good), 401),
        (None, Some(&good), Some(&bad), 101),
        (None, Some(&bad), Some(&good), 401),
        (None, None, Some(&good), 101),
    ] {
        let mut request = reqwest::Client::new()
            .get(format!("{}/ws/", server.url()))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        if let Some(token) = header {
            request = request.bearer_auth(token);
        }
        if let Some(token) = subprotocol {
            request = request.header("sec-websocket-protocol", format!("charla.v1, bearer.{token}"));
        }
        if let Some(token) = cookie {
            request = request.header("cookie", format!("access_token={token}"));
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{header:?} {subprotocol:?} {cookie:?}");
    }
}

#[tokio::test]
async fn what_is_no_host_is_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let maria = register(&server, "maria").await;
    for (host, status) in [
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("127.0.0.1:1@evil.example", 400),
        ("127.0.0.1:1 evil", 400),
        ("evil.example@127.0.0.1", 400),
        ("127.0.0.1:", 400),
        ("127.0.0.1:99999", 400),
        ("127.0.0.1/", 400),
    ] {
        let client = server.anonymous();
        let request = client
            .request_builder(reqwest::Method::GET, "/api/v1/users/me/")
            .unwrap()
            .bearer_auth(&maria.access)
            .header("host", host);
        let answer = client.send_request(request).await.unwrap();
        assert_eq!(answer.status, status, "{host}");
        if status == 400 {
            assert_eq!(refusal(&answer), (400, ErrorCode::HostNotAllowed), "{host}");
        }
    }
}

#[tokio::test]
async fn a_disabled_account_is_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let maria = register(&server, "maria").await;
    disable(&server, &maria).await;
    assert_eq!(refusal(&me(&server, &maria.access).await), (403, ErrorCode::AccountDisabled));
}
