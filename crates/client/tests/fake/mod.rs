//! A server in this process: both doors of one model room, with faults on demand.

mod faults;
mod rest;
mod ws;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    http::HeaderMap,
    routing::{get, post},
};
use charla_protocol::{
    ErrorCode, RoomId,
    events::{Event, ServerFrame},
    messages::Message,
};
use parking_lot::Mutex;
use rand::{SeedableRng, rngs::StdRng};
use tokio::sync::mpsc;

pub(crate) use faults::Faults;

use crate::model::{ModelRoom, room_id};

/// A running server; it ends with the test's runtime.
#[derive(Clone, Debug)]
pub(crate) struct Fake {
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) address: String,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) room: ModelRoom,
    /// What each sender stored under a name.
    pub(crate) named: HashMap<(u128, String), Message>,
    pub(crate) faults: Faults,
    pub(crate) random: StdRng,
    /// Times a page of changes, and a page of messages, was asked for.
    pub(crate) asked_changes: usize,
    pub(crate) asked_pages: usize,
    /// Refresh tokens that were spent, in order.
    pub(crate) spent: Vec<String>,
    /// The one good access token per user, where it is not `user-N`.
    pub(crate) generation: HashMap<u128, u64>,
    sockets: Vec<mpsc::UnboundedSender<ServerFrame>>,
}

impl Fake {
    pub(crate) async fn start(seed: u64) -> Self {
        let state = State {
            room: ModelRoom::default(),
            named: HashMap::new(),
            faults: Faults::default(),
            random: StdRng::seed_from_u64(seed),
            asked_changes: 0,
            asked_pages: 0,
            spent: Vec::new(),
            generation: HashMap::new(),
            sockets: Vec::new(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { state: Arc::new(Mutex::new(state)), address };
        let router = Router::new()
            .route("/api/v1/auth/refresh/", post(rest::refresh))
            .route("/api/v1/chat/messages/", post(rest::send))
            .route("/api/v1/chat/rooms/{id}/changes/", get(rest::changes))
            .route("/api/v1/chat/rooms/{id}/messages/", get(rest::messages))
            .route("/ws/", get(ws::open))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// Tells every socket, with whatever faults are on.
    pub(crate) fn publish(&self, event: Event) {
        let mut state = self.state.lock();
        state.publish(&ServerFrame::room(room_id(), event));
    }

    /// Changes the room and tells of it.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut ModelRoom) -> Option<Message>,
        event: impl FnOnce(Box<Message>) -> Event,
    ) {
        let changed = change(&mut self.state.lock().room);
        if let Some(message) = changed {
            self.publish(event(Box::new(message)));
        }
    }

    /// Stores a message, once for each name of a sender.
    pub(crate) fn store(&self, sender: u128, content: &str, client_id: Option<String>) -> (Message, bool) {
        let mut state = self.state.lock();
        let name = client_id.clone().map(|client_id| (sender, client_id));
        if let Some(first) = name.as_ref().and_then(|name| state.named.get(name)) {
            return (first.clone(), false);
        }
        let message = state.room.send(sender, content, client_id, None);
        state.named.extend(name.map(|name| (name, message.clone())));
        state.publish(&ServerFrame::room(room_id(), Event::Message(Box::new(message.clone()))));
        (message, true)
    }

    /// What the room says, in order.
    pub(crate) fn contents(&self) -> Vec<String> {
        self.state.lock().room.messages.values().map(|message| message.content.clone()).collect()
    }
}

impl State {
    fn publish(&mut self, frame: &ServerFrame) {
        let (faults, random) = (&mut self.faults, &mut self.random);
        self.sockets.retain(|socket| {
            let frames = faults.frames(frame, random);
            frames.is_some_and(|frames| frames.into_iter().all(|frame| socket.send(frame).is_ok()))
        });
    }

    /// Who has this token: `user-N`, or `user-N.G` in generation `G`.
    pub(crate) fn user(&self, headers: &HeaderMap) -> Result<u128, ErrorCode> {
        let token = headers.get("authorization").and_then(|value| value.to_str().ok());
        let token =
            token.and_then(|value| value.strip_prefix("Bearer user-")).ok_or(ErrorCode::NotAuthenticated)?;
        let (user, generation) = token.split_once('.').unwrap_or((token, "0"));
        let user = user.parse().map_err(|_| ErrorCode::NotAuthenticated)?;
        let current = self.generation.get(&user).copied().unwrap_or_default();
        if generation == current.to_string() { Ok(user) } else { Err(ErrorCode::InvalidToken) }
    }
}

/// The one room there is.
pub(crate) fn knows(id: RoomId) -> bool {
    id == room_id()
}
