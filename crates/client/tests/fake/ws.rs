//! The WebSocket door.

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message as Frame, WebSocket},
    },
    http::HeaderMap,
    response::Response,
};
use charla_protocol::{
    ErrorCode, Timestamp,
    actions::{Action, ClientFrame},
    events::{Ack, ErrorData, Event, Hello, RoomRevision, ServerFrame},
    users::{DirectMessages, Friendship, Me, User, UserSettings},
};
use rand::Rng;
use tokio::sync::mpsc;

use super::{Fake, rest::Refusal};
use crate::model::{room_id, user};

pub(crate) async fn open(
    State(fake): State<Fake>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let number = fake.state.lock().user(&headers)?;
    Ok(upgrade.on_upgrade(move |socket| serve(fake, number, socket)))
}

/// Subscribes first, then says `hello`.
async fn serve(fake: Fake, number: u128, mut socket: WebSocket) {
    let (sender, mut events) = mpsc::unbounded_channel();
    let hello = {
        let mut state = fake.state.lock();
        state.sockets.push(sender.clone());
        hello(number, state.room.revision)
    };
    // The server's own list holds the other sender: once it drops that, the socket is cut.
    let answers = sender.downgrade();
    drop(sender);
    if write(&mut socket, &ServerFrame::account(Event::Hello(Box::new(hello)))).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => if write(&mut socket, &event).await.is_err() { return },
                None => return,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Frame::Text(text))) => {
                    let Some(answer) = act(&fake, number, &text) else { return };
                    let Some(answers) = answers.upgrade() else { return };
                    drop(answers.send(answer));
                }
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}

/// The answer to an action; none: the socket is cut.
fn act(fake: &Fake, number: u128, text: &str) -> Option<ServerFrame> {
    let frame: ClientFrame = serde_json::from_str(text).unwrap();
    let Action::SendMessage { content, .. } = frame.action else {
        return Some(ServerFrame::account(Event::Pong(charla_protocol::events::Empty {})));
    };
    let (refuse, swallow) = {
        let mut state = fake.state.lock();
        let faults = state.faults.clone();
        (state.random.random_bool(faults.refuse), state.random.random_bool(faults.swallow))
    };
    let client_id = frame.client_id?;
    if content.trim().is_empty() {
        return Some(refusal(client_id, ErrorCode::ValidationFailed));
    }
    if refuse {
        return Some(refusal(client_id, ErrorCode::TooManyRequests));
    }
    let (message, _) = fake.store(number, &content, Some(client_id.clone()));
    let ack =
        Ack { client_id, id: Some(message.id), revision: Some(message.seq), created_at: message.created_at };
    (!swallow).then(|| ServerFrame::room(room_id(), Event::Ack(ack)))
}

fn refusal(client_id: String, code: ErrorCode) -> ServerFrame {
    let data = ErrorData {
        action: Some("send_message".to_owned()),
        client_id: Some(client_id),
        code,
        detail: String::new(),
        errors: None,
        retry_after: Some(0),
        until: None,
    };
    ServerFrame::room(room_id(), Event::Error(data))
}

async fn write(socket: &mut WebSocket, frame: &ServerFrame) -> Result<(), axum::Error> {
    socket.send(Frame::Text(serde_json::to_string(frame).unwrap().into())).await
}

fn hello(number: u128, revision: i64) -> Hello {
    let summary = user(number);
    let user = User {
        id: summary.id,
        username: summary.username,
        display_name: summary.display_name,
        avatar_url: None,
        is_bot: false,
        bio: String::new(),
        is_online: true,
        last_seen: None,
        friendship: Friendship::Oneself,
    };
    let settings = UserSettings {
        direct_messages: DirectMessages::Everyone,
        show_last_seen: true,
        send_read_receipts: true,
    };
    let user = Me {
        user,
        email: None,
        email_verified: false,
        two_factor: false,
        phone_number: None,
        language: None,
        is_staff: false,
        is_superuser: false,
        date_joined: Timestamp::from_millis(0),
        max_upload_size: 25 * 1024 * 1024,
        may_publish_rooms: true,
        settings,
    };
    Hello {
        user,
        server_time: Timestamp::from_millis(0),
        heartbeat_s: 20,
        rooms: vec![RoomRevision { id: room_id(), revision, unread_count: 0, mention_count: 0 }],
    }
}
