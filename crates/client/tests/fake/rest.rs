//! The REST door.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use charla_protocol::{
    ErrorCode, MessageId, Problem, RoomId,
    auth::{Refresh, Tokens},
    messages::{Changes, Message, SendMessage, Timeline},
};
use rand::Rng;
use serde::Deserialize;

use super::{Fake, knows};

/// A refusal, as the contract has it.
pub(crate) struct Refusal(ErrorCode);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            type_: "about:blank".to_owned(),
            title: self.0.as_str().to_owned(),
            status: self.0.status(),
            detail: self.0.as_str().to_owned(),
            code: self.0,
            errors: None,
            request_id: None,
            until: None,
            two_factor_token: None,
        };
        let status = StatusCode::from_u16(self.0.status()).unwrap();
        (status, [("content-type", "application/problem+json"), ("retry-after", "0")], Json(problem))
            .into_response()
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self(code)
    }
}

#[derive(Deserialize)]
pub(crate) struct Since {
    since: i64,
    limit: usize,
}

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<MessageId>,
    limit: usize,
}

/// The access token is `user-N.G`, the refresh token `refresh-N.G`, good once.
pub(crate) async fn refresh(
    State(fake): State<Fake>,
    Json(body): Json<Refresh>,
) -> Result<Json<Tokens>, Refusal> {
    let mut state = fake.state.lock();
    let token = body.refresh.ok_or(ErrorCode::NotAuthenticated)?;
    if state.spent.contains(&token) {
        return Err(ErrorCode::SessionEnded.into());
    }
    let name = token
        .strip_prefix("refresh-")
        .and_then(|name| name.split_once('.'))
        .ok_or(ErrorCode::InvalidToken)?;
    let user: u128 = name.0.parse().map_err(|_| ErrorCode::InvalidToken)?;
    state.spent.push(token.clone());
    let generation = state.generation.entry(user).or_default();
    *generation += 1;
    let tokens = Tokens {
        access: format!("user-{user}.{generation}"),
        refresh: format!("refresh-{user}.{generation}"),
    };
    Ok(Json(tokens))
}

pub(crate) async fn send(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Json(body): Json<SendMessage>,
) -> Result<(StatusCode, Json<Message>), Refusal> {
    let user = fake.admit(&headers, body.room)?;
    let (message, is_new) = fake.store(user, &body.content, body.client_id);
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(message)))
}

pub(crate) async fn changes(
    State(fake): State<Fake>,
    Path(room): Path<RoomId>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Json<Changes>, Refusal> {
    fake.admit(&headers, room)?;
    let mut state = fake.state.lock();
    state.asked_changes += 1;
    Ok(Json(state.room.changes(query.since, query.limit)))
}

pub(crate) async fn messages(
    State(fake): State<Fake>,
    Path(room): Path<RoomId>,
    Query(query): Query<Before>,
    headers: HeaderMap,
) -> Result<Json<Timeline>, Refusal> {
    fake.admit(&headers, room)?;
    let mut state = fake.state.lock();
    state.asked_pages += 1;
    let before = query.before.and_then(|id| state.room.messages.values().find(|message| message.id == id));
    Ok(Json(state.room.page(before.map(|message| message.seq), query.limit)))
}

impl Fake {
    /// Who is asking, unless they may not, or it is a bad day.
    fn admit(&self, headers: &HeaderMap, room: RoomId) -> Result<u128, Refusal> {
        let mut state = self.state.lock();
        let user = state.user(headers)?;
        if !knows(room) {
            return Err(ErrorCode::NotFound.into());
        }
        let refuse = state.faults.refuse;
        if state.random.random_bool(refuse) {
            return Err(ErrorCode::Unavailable.into());
        }
        Ok(user)
    }
}
