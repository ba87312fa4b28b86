//! Cookies from other sites' pages, and behind a proxy.

use charla_protocol::ErrorCode;
use charla_testing::{DatabaseKind, TestServer};

use super::support::{form, post_with, refusal, register, set_cookies};

#[tokio::test]
async fn other_sites_pages_can_not_act_with_cookies() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| {
        config.allowed_origins = vec!["https://app.example.com".to_owned()];
    })
    .await;
    let own = server.url();
    let rows: [(&[(&str, &str)], bool); 7] = [
        (&[], true),
        (&[("origin", &own)], true),
        (&[("origin", "https://app.example.com"), ("sec-fetch-site", "cross-site")], true),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-origin")], true),
    ];
    for (n, (headers, passes)) in rows.into_iter().enumerate() {
        let signed_in = register(&server, &format!("user{n}")).await;
        let cookie = format!("access_token={}", signed_in.access);
        let with_cookie: Vec<_> = headers.iter().copied().chain([("cookie", cookie.as_str())]).collect();
        let answer = post_with(&server, "logout", &with_cookie, None).await;
        if passes {
            assert_eq!(answer.status, 204, "{headers:?}");
        } else {
            assert_eq!(refusal(&answer), (403, ErrorCode::OriginNotAllowed), "{headers:?}");
            let bearer = format!("Bearer {}", signed_in.access);
            let with_bearer: Vec<_> =
                headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
            assert_eq!(post_with(&server, "logout", &with_bearer, None).await.status, 204, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn cookies_are_secure_behind_a_trusted_proxy_that_speaks_https() {
    let trusting = |config: &mut charla_server::Config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    for (settings, secure) in [(trusting as fn(&mut charla_server::Config), true), (|_| {}, false)] {
        let server = TestServer::start_with(DatabaseKind::Sqlite, settings).await;
        let headers = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.7")];
        let answer = post_with(&server, "register", &headers, Some(form("maria"))).await;
        for cookie in set_cookies(&answer) {
            assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        }
        let (client, _) = server.person("jose").await;
        drop(client);
    }
}
