//! Whose language a refusal speaks; and that a slash at the end is no bad input.

use charla_protocol::{Problem, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;
use serde_json::json;

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
