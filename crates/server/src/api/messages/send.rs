//! Sending and reading.

use axum::extract::State;
use charla_protocol::messages::{MarkRead, MarkedRead, Message, SendMessage};
use http::StatusCode;

use super::{super::problems::Missing, seen_by};
use crate::{App, auth::Caller, error::Result, extract::Json, ops, wording::Worded};

/// Sends a message: 201. The same `client_id` of the same sender again: 200 and the first one.
#[utoipa::path(post, operation_id = "send_message", path = "/api/v1/chat/messages/", tag = "messages", request_body = SendMessage, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Message, description = "Stored"),
        (status = 200, body = Message, description = "Stored before, under the same `client_id`"), Missing))]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<SendMessage>,
) -> Result<(StatusCode, Worded<Message>)> {
    let (message, is_new) = ops::messages::send(&app, caller.id(), body).await?.committed().await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Worded(seen_by(&app, &caller, message).await?)))
}

/// Marks messages as read, and with them all before them in their rooms.
#[utoipa::path(post, operation_id = "mark_read", path = "/api/v1/chat/messages/mark_read/", tag = "messages", request_body = MarkRead, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = MarkedRead), Missing))]
pub(super) async fn mark_read(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<MarkRead>,
) -> Result<axum::Json<MarkedRead>> {
    let reading = ops::messages::mark_read(&app, caller.id(), None, body.message_ids).await?;
    Ok(axum::Json(MarkedRead { rooms: reading.committed().await? }))
}
