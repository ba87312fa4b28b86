//! One socket: how it says who is asking, and what it makes of refusals, odd frames and the end.

#![expect(clippy::unwrap_used, reason = "clippy lets tests unwrap, but not their helpers")]

use axum::{
    Router,
    extract::{
        Path, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
    routing::get,
};
use charla_client::{Auth, Client, ClientOptions, Credentials, Door, Error, Incoming, Method, SocketOptions};
use charla_protocol::{ErrorCode, RoomId, auth::Tokens};
use uuid::Uuid;

const PROBLEM: &str =
    r#"{"type": "about:blank", "title": "t", "status": 403, "detail": "d", "code": "origin_not_allowed"}"#;

async fn start() -> String {
    let router = Router::new()
        .route("/ws/", get(echo_headers))
        .route("/ws/chat/{id}/", get(odd_frames))
        .route("/cookie/", get(async || [(SET_COOKIE, "access_token=baked; Path=/; HttpOnly")]));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Refuses a foreign origin; else sends back the headers as one frame of a made-up type.
async fn echo_headers(headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let get =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if get("origin") == "http://evil.test" {
        let problem = [("content-type", "application/problem+json"), ("retry-after", "3")];
        return (StatusCode::FORBIDDEN, problem, PROBLEM).into_response();
    }
    let names = ["authorization", "cookie", "sec-websocket-protocol", "origin", "x-extra"];
    let kind = names.map(get).join("|");
    upgrade.protocols(["charla.v1"]).on_upgrade(async move |mut socket: WebSocket| {
        let text = format!(r#"{{"type": "{kind}", "room_id": null, "data": {{}}}}"#);
        drop(socket.send(Message::Text(text.into())).await);
    })
}

/// Waits for a frame, says how it was, and closes.
async fn odd_frames(Path(_): Path<Uuid>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket: WebSocket| {
        let reason = match socket.recv().await {
            Some(Ok(Message::Binary(_))) => "binary",
            Some(Ok(Message::Text(_))) => "text",
            Some(Err(_)) => "broken",
            _ => "other",
        };
        let close = CloseFrame { code: 4403, reason: reason.into() };
        drop(socket.send(Message::Close(Some(close))).await);
    })
}

fn client(base: &str, auth: Auth) -> Client {
    let client = Client::with_options(base, ClientOptions { auth, ..ClientOptions::default() }).unwrap();
    if auth == Auth::Bearer {
        client.set_tokens(Some(Tokens { access: "abc".to_owned(), refresh: String::new() }));
    }
    client
}

/// The headers the server saw, joined by `|`.
async fn seen(client: &Client, options: SocketOptions) -> String {
    let mut socket = client.socket_with(Door::All, &options).await.unwrap();
    match socket.next().await.unwrap() {
        Incoming::Unknown { kind, .. } => kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_way_to_say_who_is_asking() {
    let base = start().await;
    let bearer = client(&base, Auth::Bearer);
    let with = |credentials| SocketOptions { credentials, ..SocketOptions::default() };
    assert_eq!(seen(&bearer, with(Credentials::Header)).await, "Bearer abc||||");
    assert_eq!(seen(&bearer, with(Credentials::Cookie)).await, "|access_token=abc|||");
    assert_eq!(seen(&bearer, with(Credentials::Subprotocol)).await, "||charla.v1, bearer.abc||");
    assert_eq!(seen(&bearer, with(Credentials::Nothing)).await, "||||");
    let origin = Some("http://app.test".to_owned());
    let headers = vec![("X-Extra".to_owned(), "1".to_owned())];
    let options = SocketOptions { origin, headers, ..with(Credentials::Nothing) };
    assert_eq!(seen(&bearer, options).await, "|||http://app.test|1");

    let cookies = client(&base, Auth::Cookies);
    cookies.request(Method::GET, "/cookie/", None).await.unwrap();
    assert_eq!(seen(&cookies, with(Credentials::Cookie)).await, "|access_token=baked|||");
}

#[tokio::test]
async fn a_refused_handshake_is_the_problem_that_the_server_gave() {
    let client = client(&start().await, Auth::Bearer);
    let options = SocketOptions { origin: Some("http://evil.test".to_owned()), ..SocketOptions::default() };
    let error = client.socket_with(Door::All, &options).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(403), Some(ErrorCode::OriginNotAllowed)));
    assert_eq!(error.retry_after().unwrap().as_secs(), 3);
}

#[tokio::test]
async fn odd_frames_can_be_sent_and_close_codes_are_told() {
    let client = client(&start().await, Auth::Bearer);
    let room = Door::Room(RoomId(Uuid::from_u128(7)));
    let closed = |reason: &str| Incoming::Closed { code: Some(4403), reason: reason.to_owned() };

    let mut socket = client.socket(room).await.unwrap();
    socket.send_binary(vec![1, 2]).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), closed("binary"));

    let mut socket = client.socket(room).await.unwrap();
    socket.send_text("nonsense").await.unwrap();
    assert_eq!(socket.next().await.unwrap(), closed("text"));

    let mut socket = client.socket(room).await.unwrap();
    socket.send_text_bytes(vec![0xff, 0xfe]).await.unwrap();
    assert!(matches!(socket.next().await.unwrap(), Incoming::Closed { code: Some(1007 | 4403), .. }));
}

#[tokio::test]
async fn the_token_is_not_given_to_another_origin() {
    let client = client(&start().await, Auth::Bearer);
    let elsewhere = client.page::<serde_json::Value>("http://elsewhere.test/api/v1/chat/rooms/").await;
    assert!(matches!(elsewhere, Err(Error::Invalid { .. })), "{elsewhere:?}");
}
