//! Short ways of saying what tests say often.

use std::collections::BTreeMap;

use charla_client::{Client, RawResponse};
use charla_protocol::{ErrorCode, Problem, auth::SignedIn};
use charla_testing::{PASSWORD, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) async fn post(client: &Client, path: &str, body: Value) -> RawResponse {
    client.request(Method::POST, &format!("/api/v1/auth/{path}/"), Some(&body)).await.unwrap()
}

/// A POST without credentials but these headers.
pub(crate) async fn post_with(
    server: &TestServer,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> RawResponse {
    let client = server.anonymous();
    let mut request = client.request_builder(Method::POST, &format!("/api/v1/auth/{path}/")).unwrap();
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    client.send_request(request).await.unwrap()
}

pub(crate) async fn register(server: &TestServer, username: &str) -> SignedIn {
    post(&server.anonymous(), "register", form(username)).await.json().unwrap()
}

pub(crate) fn form(username: &str) -> Value {
    json!({"username": username, "email": format!("{username}@example.org"), "password": PASSWORD})
}

pub(crate) async fn login(server: &TestServer, username: &str, password: &str) -> RawResponse {
    post(&server.anonymous(), "login", json!({"username": username, "password": password})).await
}

/// `GET users/me/` with an access token.
pub(crate) async fn me(server: &TestServer, access: &str) -> RawResponse {
    with_header(server, "authorization", &format!("Bearer {access}")).await
}

/// `GET users/me/` with a header.
pub(crate) async fn with_header(server: &TestServer, name: &str, value: &str) -> RawResponse {
    let client = server.anonymous();
    let request = client.request_builder(Method::GET, "/api/v1/users/me/").unwrap().header(name, value);
    client.send_request(request).await.unwrap()
}

/// The status and code of a refusal.
pub(crate) fn refusal(answer: &RawResponse) -> (u16, ErrorCode) {
    let problem: Problem = answer.json().unwrap();
    assert_eq!(problem.status, answer.status);
    (answer.status, problem.code)
}

/// The rejected fields of a 400.
pub(crate) fn rejected(answer: &RawResponse) -> BTreeMap<String, Vec<String>> {
    assert_eq!(refusal(answer), (400, ErrorCode::ValidationFailed));
    answer.json::<Problem>().unwrap().errors.unwrap()
}

/// The names of the rejected fields of a 400.
pub(crate) fn rejected_names(answer: &RawResponse) -> Vec<String> {
    rejected(answer).into_keys().collect()
}

/// The lines of `Set-Cookie`, sorted, each with its value replaced by `…` unless it is empty.
pub(crate) fn set_cookies(answer: &RawResponse) -> Vec<String> {
    let mut lines: Vec<String> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|line| {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let (value, attributes) = rest.split_once(';').unwrap();
            format!("{name}={};{attributes}", if value.is_empty() { "" } else { "…" })
        })
        .collect();
    lines.sort();
    lines
}

/// Takes an account out of use, as a moderator would.
pub(crate) async fn disable(server: &TestServer, signed_in: &SignedIn) {
    let tx = server.app.db.begin().await.unwrap();
    let id = signed_in.user.user.id;
    let mut user = charla_db::queries::users::lock(&tx, id).await.unwrap().unwrap();
    user.is_active = false;
    charla_db::queries::users::update(&tx, user).await.unwrap();
    tx.commit().await.unwrap();
}
