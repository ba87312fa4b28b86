//! Bad input at every endpoint: problem+json with the right status, never a 500, in both languages.

use charla_client::Client;
use charla_protocol::{ErrorCode, Problem, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};
use http::header;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::say;

/// Every documented operation, with its path filled in by ids of things that are there.
fn operations(document: &Value, ids: &[(&str, String)]) -> Vec<(Method, String, bool)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let kind = if path.contains("/messages/{id}") { "message" } else { "room" };
            let mut filled = path.clone();
            for (name, id) in ids {
                filled = filled.replace(&format!("{{{name}}}"), id);
                if *name == kind {
                    filled = filled.replace("{id}", id);
                }
            }
            operations.push((method, filled, operation["requestBody"].is_object()));
        }
    }
    assert!(operations.len() > 30, "{}", operations.len());
    operations
}

async fn problem(client: &Client, request: reqwest::RequestBuilder, what: &str) -> (u16, Problem) {
    let answer = client.send_request(request).await.unwrap();
    assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    let problem: Problem = answer.json().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(problem.status, answer.status, "{what}");
    assert!(!problem.detail.is_empty() && !problem.detail.starts_with("detail-"), "{what}");
    (answer.status, problem)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_bodies_at_every_endpoint_that_takes_one() {
    let (_server, client, operations) = stage().await;
    for (method, path, takes_body) in operations {
        if !takes_body {
            continue;
        }
        let request = || client.request_builder(method.clone(), &path).unwrap();
        let json =
            |body: &str| request().header(header::CONTENT_TYPE, "application/json").body(body.to_owned());
        let what = format!("{method} {path}");
        assert_eq!(problem(&client, json("{\"a\":"), &what).await.1.code, ErrorCode::MalformedBody, "{what}");
        assert_eq!(problem(&client, json("{} x"), &what).await.0, 400, "{what}");
        assert_eq!(problem(&client, json("[]"), &what).await.0, 400, "{what}");
        assert_eq!(problem(&client, json("\"text\""), &what).await.0, 400, "{what}");
        assert_eq!(problem(&client, json(&wrong_types()), &what).await.0, 400, "{what}");
        let (status, _) =
            problem(&client, request().header(header::CONTENT_TYPE, "text/plain").body("{}"), &what).await;
        assert_eq!(status, 415, "{what}");
        let large = json(&format!("{{\"x\":\"{}\"}}", "x".repeat(1024 * 1024)));
        assert_eq!(problem(&client, large, &what).await.1.code, ErrorCode::PayloadTooLarge, "{what}");
    }
}

/// Every member any body knows, of a type that none has.
fn wrong_types() -> String {
    let names = [
        "username",
        "email",
        "password",
        "token",
        "refresh",
        "old_password",
        "new_password",
        "name",
        "room_type",
        "visibility",
        "topic",
        "participants",
        "user_id",
        "user_ids",
        "role",
        "notify",
        "muted_until",
        "pinned",
        "room",
        "content",
        "message_type",
        "reply_to_id",
        "attachment_ids",
        "client_id",
        "message_ids",
        "display_name",
        "bio",
        "phone_number",
        "language",
        "settings",
        "history",
    ];
    let members: serde_json::Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), json!({ "wrong": 1.5 }))).collect();
    Value::Object(members).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_ids_wrong_methods_and_strangers_at_every_endpoint() {
    let (server, client, operations) = stage().await;
    let anonymous = server.anonymous();
    for (method, path, takes_body) in operations {
        let what = format!("{method} {path}");
        let wrong = client.request_builder(Method::TRACE, &path).unwrap();
        assert_eq!(problem(&client, wrong, &what).await.0, 405, "{what}");
        let is_open = path.contains("/auth/");
        if !is_open {
            let mut request = anonymous.request_builder(method.clone(), &path).unwrap();
            if takes_body {
                request = request.json(&json!({}));
            }
            assert_eq!(problem(&anonymous, request, &what).await.0, 401, "{what}");
        }
    }
    for path in [
        "/api/v1/chat/rooms/nonsense/",
        "/api/v1/chat/rooms/0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e/",
        "/api/v1/chat/messages/%00/",
        "/api/v1/users/%ff/",
        "/api/v1/nothing/",
        "/api/",
    ] {
        let request = client.request_builder(Method::GET, path).unwrap();
        assert_eq!(problem(&client, request, path).await.0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_query_strings_are_no_reason_to_fail() {
    for kind in DatabaseKind::ALL {
        let server = TestServer::start(kind).await;
        let (ana, _) = server.person("ana").await;
        for path in [
            "/api/v1/users/?search=%00",
            "/api/v1/users/?search=%25_!%5C'%22",
            "/api/v1/users/?search=%F0%9F%8E%89",
            "/api/v1/chat/rooms/public/?search=%00%25",
            "/api/v1/chat/rooms/?unknown=1",
        ] {
            assert_eq!(ana.request(Method::GET, path, None).await.unwrap().status, 200, "{kind:?} {path}");
        }
        for path in [
            "/api/v1/users/?cursor=x",
            "/api/v1/chat/rooms/?cursor=x",
            "/api/v1/chat/rooms/?cursor=bnVsbA",
            "/api/v1/chat/rooms/public/?cursor=!!",
            "/api/v1/chat/messages/?cursor=W10",
            "/api/v1/chat/messages/?room=x",
            "/api/v1/users/?limit=1000",
        ] {
            let answer = ana.request(Method::GET, path, None).await.unwrap();
            assert_eq!(answer.status, 400, "{kind:?} {path}");
        }
    }
}

#[tokio::test]
async fn the_reader_chooses_the_language() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    for (language, detail, field) in [
        ("en", "Some of the data was not accepted.", "This must not be blank."),
        ("es-MX, en;q=0.5", "Algunos datos no se han aceptado.", "No puede quedar en blanco."),
        ("fr", "Some of the data was not accepted.", "This must not be blank."),
    ] {
        ana.set_language(Some(language));
        let body = json!({ "room": room, "content": " " });
        let answer = ana.request(Method::POST, "/api/v1/chat/messages/", Some(&body)).await.unwrap();
        let problem: Problem = answer.json().unwrap();
        assert_eq!(problem.detail, detail, "{language}");
        assert_eq!(problem.errors.unwrap()["content"], [field], "{language}");
    }
}

/// Canonical paths end with a slash; without it they answer the same.
#[tokio::test]
async fn a_trailing_slash_makes_no_difference() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    for path in
        ["/api/v1/chat/rooms", "/api/v1/chat/rooms/", "/api/v1/users/me", "/api/v1/chat/rooms?limit=1"]
    {
        assert_eq!(ana.request(Method::GET, path, None).await.unwrap().status, 200, "{path}");
    }
}

async fn stage() -> (TestServer, Client, Vec<(Method, String, bool)>) {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, ana_user) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let message = say(&ana, room, "x").await.id;
    let document: Value = ana.request(Method::GET, "/api/openapi.json", None).await.unwrap().json().unwrap();
    let ids = [
        ("room", room.to_string()),
        ("message", message.to_string()),
        ("user_id", ana_user.user.id.to_string()),
    ];
    let operations = operations(&document, &ids);
    (server, ana, operations)
}
