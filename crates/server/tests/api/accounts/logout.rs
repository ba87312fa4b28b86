//! `POST /api/v1/auth/logout/`.

use std::time::Duration;

use charla_protocol::ErrorCode;
use charla_testing::{DatabaseKind, TestServer};

use super::support::{me, post_with, refusal, register, set_cookies};

#[tokio::test]
async fn its_tokens_die_at_once_and_its_cookies_go() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let signed_in = register(&server, "maria").await;
    let bearer = format!("Bearer {}", signed_in.access);
    let answer = post_with(&server, "logout", &[("authorization", &bearer)], None).await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        set_cookies(&answer),
        [
            "access_token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0",
            "refresh_token=; HttpOnly; SameSite=Lax; Path=/api/v1/auth/; Max-Age=0",
        ]
    );
    assert_eq!(refusal(&me(&server, &signed_in.access).await), (401, ErrorCode::SessionEnded));
    let again = post_with(&server, "logout", &[("authorization", &bearer)], None).await;
    assert_eq!(refusal(&again), (401, ErrorCode::SessionEnded));
}

/// Pictures and films lie in the browser's cache, whoever uses it next.
#[tokio::test]
async fn the_browser_forgets_what_it_kept_where_it_would_listen() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| {
        config.allowed_hosts = vec!["*".to_owned()];
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    for (number, (host, scheme, expected)) in [
        ("chat.example.org", "https", Some("\"cache\"")),
        ("chat.example.org", "http", None),
        ("localhost:8000", "http", Some("\"cache\"")),
        ("127.0.0.1:8000", "http", Some("\"cache\"")),
        ("[::1]:8000", "http", Some("\"cache\"")),
    ]
    .into_iter()
    .enumerate()
    {
        let bearer = format!("Bearer {}", register(&server, &format!("maria{number}")).await.access);
        let headers = [("authorization", bearer.as_str()), ("host", host), ("x-forwarded-proto", scheme)];
        for status in [204, 401] {
            let answer = post_with(&server, "logout", &headers, None).await;
            assert_eq!(
                (answer.status, answer.header("clear-site-data")),
                (status, expected),
                "{scheme}://{host}"
            );
        }
        let read = me(&server, "x").await;
        assert_eq!(read.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn the_cookies_of_a_session_that_has_ended_go_too() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let signed_in = register(&server, "maria").await;
    let bearer = format!("Bearer {}", signed_in.access);
    assert_eq!(post_with(&server, "logout", &[("authorization", &bearer)], None).await.status, 204);
    let access = format!("access_token={}", signed_in.access);
    let refresh = format!("refresh_token={}", signed_in.refresh);
    for cookies in [access.clone(), refresh.clone(), format!("{access}; {refresh}")] {
        let answer = post_with(&server, "logout", &[("cookie", &cookies)], None).await;
        assert_eq!(refusal(&answer), (401, ErrorCode::SessionEnded), "{cookies}");
        assert_eq!(
            set_cookies(&answer),
            [
                "access_token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0",
                "refresh_token=; HttpOnly; SameSite=Lax; Path=/api/v1/auth/; Max-Age=0",
            ]
        );
    }
}

#[tokio::test]
async fn the_refresh_cookie_does_where_the_access_token_has_expired() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    for with_access_cookie in [true, false] {
        let signed_in = register(&server, if with_access_cookie { "maria" } else { "jose" }).await;
        server.clock.advance(Duration::from_secs(16 * 60));
        let cookie = match with_access_cookie {
            true => format!("access_token={}; refresh_token={}", signed_in.access, signed_in.refresh),
            false => format!("refresh_token={}", signed_in.refresh),
        };
        let headers = [("cookie", cookie.as_str())];
        assert_eq!(post_with(&server, "logout", &headers, None).await.status, 204);
        let again = post_with(&server, "logout", &headers, None).await;
        assert_eq!(refusal(&again), (401, ErrorCode::SessionEnded));
    }
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_end() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let signed_in = register(&server, "maria").await;
    assert_eq!(refusal(&post_with(&server, "logout", &[], None).await), (401, ErrorCode::NotAuthenticated));
    let cookie = format!("refresh_token={}", signed_in.refresh);
    let headers = [("authorization", "Bearer x"), ("cookie", cookie.as_str())];
    let answer = post_with(&server, "logout", &headers, None).await;
    assert_eq!(refusal(&answer), (401, ErrorCode::InvalidToken), "the header alone counts");
    assert_eq!(me(&server, &signed_in.access).await.status, 200);
}
