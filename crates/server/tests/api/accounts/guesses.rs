//! Wrong passwords: who tries too many is held up, and nobody else.

use std::time::Duration;

use charla_client::RawResponse;
use charla_protocol::{ErrorCode, auth::SignedIn};
use charla_testing::{DatabaseKind, PASSWORD, TestServer};
use futures_util::future::join_all;
use serde_json::json;

use super::support::{form, post_with, refusal};

const TOO_MANY: (u16, ErrorCode) = (429, ErrorCode::TooManyRequests);
const WRONG: (u16, ErrorCode) = (401, ErrorCode::InvalidCredentials);
const HOME: &str = "198.51.100.7";

/// A server behind a proxy that says where people call from, and that limits.
async fn limited() -> TestServer {
    TestServer::start_with(DatabaseKind::Sqlite, |config| {
        config.rate_limits = true;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

async fn call(server: &TestServer, door: &str, ip: &str, body: serde_json::Value) -> RawResponse {
    post_with(server, door, &[("x-forwarded-for", ip)], Some(body)).await
}

async fn login(server: &TestServer, ip: &str, name: &str, password: &str) -> RawResponse {
    call(server, "login", ip, json!({"username": name, "password": password})).await
}

/// Has ten networks, those of 10.`first`.0.0, try ten wrong passwords each.
async fn besiege(server: &TestServer, first: u8, name: &str) {
    for network in 0..10 {
        for _ in 0..10 {
            let ip = format!("10.{first}.{network}.1");
            assert_eq!(refusal(&login(server, &ip, name, "wrong").await), WRONG);
        }
    }
}

fn wait(answer: &RawResponse) -> u64 {
    assert_eq!(refusal(answer), TOO_MANY);
    answer.header("retry-after").unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_network_that_tries_ten_holds_up_itself_alone() {
    let server = limited().await;
    assert_eq!(call(&server, "register", HOME, form("maria")).await.status, 201);
    for n in 0..10 {
        assert_eq!(refusal(&login(&server, &format!("192.0.2.{n}"), "maria", "wrong").await), WRONG);
    }
    let seconds = wait(&login(&server, "192.0.2.99", "MARIA", PASSWORD).await);
    assert!((1..=6).contains(&seconds), "{seconds}");
    let padded = format!("{}maria", " ".repeat(300));
    wait(&login(&server, "192.0.2.99", &padded, PASSWORD).await);
    assert_eq!(refusal(&login(&server, "192.0.2.99", "jose", "wrong").await), WRONG, "another name");
    assert_eq!(login(&server, HOME, "maria", PASSWORD).await.status, 200);
    assert_eq!(login(&server, "203.0.113.5", "maria", PASSWORD).await.status, 200, "wherever she is");
    server.clock.advance(Duration::from_secs(6));
    assert_eq!(login(&server, "192.0.2.99", "maria", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn right_passwords_do_not_count() {
    let server = limited().await;
    call(&server, "register", HOME, form("maria")).await;
    for _ in 0..25 {
        assert_eq!(login(&server, HOME, "maria", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn many_at_once_count_each_other() {
    let server = limited().await;
    call(&server, "register", HOME, form("maria")).await;
    let answers = join_all((0..25).map(|_| login(&server, "192.0.2.1", "maria", "wrong"))).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(looked_at, 10);
    assert!(answers.iter().filter(|answer| answer.status != 401).all(|answer| refusal(answer) == TOO_MANY));
}

#[tokio::test]
async fn many_networks_hold_up_strangers_but_not_where_the_account_is_at_home() {
    let server = limited().await;
    let answer = call(&server, "register", HOME, form("maria")).await;
    let signed_in: SignedIn = answer.json().unwrap();
    besiege(&server, 0, "maria").await;
    let seconds = wait(&login(&server, "203.0.113.5", "maria", PASSWORD).await);
    assert!((30..=36).contains(&seconds), "{seconds}");
    let neighbour = "198.51.100.200";
    assert_eq!(refusal(&login(&server, neighbour, "maria", "wrong").await), WRONG);
    assert_eq!(login(&server, neighbour, "maria", PASSWORD).await.status, 200);
    assert_eq!(login(&server, HOME, "maria@example.org", PASSWORD).await.status, 200);
    server.clock.advance(Duration::from_secs(36));
    assert_eq!(login(&server, "203.0.113.5", "maria", PASSWORD).await.status, 200, "slower, not never");
    assert_eq!(refusal(&login(&server, "203.0.114.5", "maria", "wrong").await), WRONG);
    wait(&login(&server, "203.0.115.5", "maria", PASSWORD).await);
    // A session that has ended is no home.
    let bearer = format!("Bearer {}", signed_in.access);
    let change = json!({"old_password": PASSWORD, "new_password": "another horse staple"});
    let headers = [("authorization", bearer.as_str()), ("x-forwarded-for", "203.0.116.5")];
    assert_eq!(post_with(&server, "password/change", &headers, Some(change)).await.status, 204);
    assert_eq!(
        login(&server, HOME, "maria", "another horse staple").await.status,
        200,
        "where she changed it"
    );
    wait(&login(&server, "203.0.113.5", "maria", "another horse staple").await);
}

/// The limits say nothing of whether there is such an account, nor which address is whose.
#[tokio::test]
async fn names_of_nobody_are_limited_alike() {
    let server = limited().await;
    call(&server, "register", HOME, form("maria")).await;
    besiege(&server, 0, "nobody").await;
    besiege(&server, 1, "maria").await;
    let nobody = login(&server, "203.0.113.5", "nobody", "wrong").await;
    let maria = login(&server, "203.0.114.5", "maria", "wrong").await;
    assert!(wait(&nobody).abs_diff(wait(&maria)) <= 1);
    assert_eq!(nobody.json::<serde_json::Value>().unwrap()["code"], "too_many_requests");
    let by_address = login(&server, "203.0.113.5", "maria@example.org", "wrong").await;
    assert_eq!(refusal(&by_address), WRONG, "it is a name of its own");
}
