//! What a refusal says is what helps: which values there are, all that is wrong at once, how much is too much.

use std::collections::BTreeMap;

use charla_client::Client;
use charla_protocol::{ErrorCode, Problem, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer};
use reqwest::{Method, header};
use serde_json::{Value, json};

/// The refusals of a request in English and in Spanish.
async fn refusals(client: &Client, method: Method, path: &str, body: Option<Value>) -> [Problem; 2] {
    let mut problems = Vec::new();
    for language in ["en", "es"] {
        client.set_language(Some(language));
        let answer = client.request(method.clone(), path, body.as_ref()).await.unwrap();
        problems.push(answer.json().unwrap());
    }
    problems.try_into().unwrap()
}

fn errors(problem: &Problem) -> BTreeMap<&str, &str> {
    let errors = problem.errors.iter().flatten();
    errors.map(|(field, texts)| (field.as_str(), texts[0].as_str())).collect()
}

#[tokio::test]
async fn a_value_that_there_is_not_is_answered_with_those_that_there_are() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, ana_user) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let (chat, id) = ("/api/v1/chat", ana_user.user.id);
    for (method, path, body, field, values) in [
        (
            Method::PATCH,
            format!("{chat}/rooms/{room}/preferences/"),
            Some(json!({"notify": "some"})),
            "notify",
            "all, mentions, nothing",
        ),
        (
            Method::PATCH,
            format!("{chat}/rooms/{room}/members/{id}/"),
            Some(json!({"role": 1})),
            "role",
            "member, admin, owner",
        ),
        (
            Method::PATCH,
            "/api/v1/users/me/".to_owned(),
            Some(json!({"language": "fr"})),
            "language",
            "en, es",
        ),
        (
            Method::PATCH,
            "/api/v1/users/me/".to_owned(),
            Some(json!({"settings": {"direct_messages": "nobody"}})),
            "settings.direct_messages",
            "everyone, friends",
        ),
        (
            Method::POST,
            format!("{chat}/messages/"),
            Some(json!({"room": room, "message_type": "poem"})),
            "message_type",
            "text, image, file",
        ),
        (Method::GET, format!("{chat}/messages/search/?q=x&has=fun"), None, "has", "file, image, link"),
        (
            Method::GET,
            "/api/v1/friends/requests/?direction=up".to_owned(),
            None,
            "direction",
            "incoming, outgoing",
        ),
    ] {
        let [english, spanish] = refusals(&ana, method, &path, body).await;
        assert_eq!((english.status, english.code), (400, ErrorCode::ValidationFailed), "{path}");
        let text = format!("Choose one of: {values}.");
        assert_eq!(errors(&english), BTreeMap::from([(field, text.as_str())]));
        let text = format!("Elige uno de estos valores: {values}.");
        assert_eq!(errors(&spanish), BTreeMap::from([(field, text.as_str())]));
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let body =
        json!({"name": 1, "visibility": "open", "topic": true, "history": null, "participants": ["x"]});
    let [english, spanish] = refusals(&ana, Method::POST, "/api/v1/chat/rooms/", Some(body)).await;
    assert_eq!(
        errors(&english),
        BTreeMap::from([
            ("name", "This must be a text."),
            ("participants[0]", "This must be an id: a UUID, as a text."),
            ("room_type", "This is required."),
            ("topic", "This must be a text."),
            ("visibility", "Choose one of: private, public."),
        ])
    );
    assert_eq!(errors(&spanish)["name"], "Tiene que ser un texto.");
    assert_eq!(errors(&spanish).len(), 5);
}

#[tokio::test]
async fn where_a_body_lacks_what_is_needed_is_named() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    for (method, path, fields) in [
        (Method::DELETE, "/api/v1/users/me/", &["password"][..]),
        (Method::POST, "/api/v1/auth/login/", &["password", "username"]),
        (Method::POST, "/api/v1/blocks/", &["user_id"]),
        (Method::POST, "/api/v1/chat/messages/mark_read/", &["message_ids"]),
        (Method::POST, "/api/v1/chat/uploads/", &["file"]),
        (Method::PUT, "/api/v1/users/me/avatar/", &["file"]),
    ] {
        let [english, spanish] = refusals(&ana, method, path, None).await;
        assert_eq!((english.status, english.code), (400, ErrorCode::ValidationFailed), "{path}");
        assert_eq!(errors(&english), fields.iter().map(|field| (*field, "This is required.")).collect());
        assert_eq!(errors(&spanish)[fields[0]], "Este campo es obligatorio.");
    }
    // Where nothing lacks there is still no change without a body.
    let [english, _] = refusals(&ana, Method::PATCH, "/api/v1/users/me/", None).await;
    assert_eq!(english.code, ErrorCode::MalformedBody);
    assert!(ana.me().await.is_ok(), "the account is still there");
}

#[tokio::test]
async fn too_much_is_answered_with_how_much_may_be() {
    let server =
        TestServer::start_with(DatabaseKind::Sqlite, |config| config.max_upload_size = 3 << 20).await;
    let (ana, _) = server.person("ana").await;
    let text = |length: usize| json!({ "x": "x".repeat(length) });
    for (path, body, limit) in
        [("/api/v1/chat/rooms/", text(1 << 20), "1 MiB"), ("/api/v1/auth/login/", text(16 << 10), "16 KiB")]
    {
        let [english, spanish] = refusals(&ana, Method::POST, path, Some(body)).await;
        assert_eq!(english.status, 413);
        assert_eq!(english.detail, format!("That is too large: it may have at most {limit}."));
        assert_eq!(spanish.detail, format!("Es demasiado grande: puede tener como máximo {limit}."));
    }
    // With its length, and without.
    for body in [
        reqwest::Body::from(form(4 << 20)),
        reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(form(4 << 20))])),
    ] {
        let request = ana.request_builder(Method::POST, "/api/v1/chat/uploads/").unwrap();
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body);
        let problem: Problem = ana.send_request(request).await.unwrap().json().unwrap();
        assert_eq!(problem.code, ErrorCode::PayloadTooLarge);
        assert_eq!(problem.detail, "Es demasiado grande: puede tener como máximo 3 MiB.");
    }
}

/// A form with a file of that many bytes.
fn form(length: usize) -> Vec<u8> {
    let head = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    [head.as_bytes(), &vec![b'x'; length], b"\r\n--XX--\r\n"].concat()
}
