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
async fn a_disabled_account_is_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let maria = register(&server, "maria").await;
    disable(&server, &maria).await;
    assert_eq!(refusal(&me(&server, &maria.access).await), (403, ErrorCode::AccountDisabled));
}
