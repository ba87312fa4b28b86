//! Reacting.

use axum::extract::State;
use charla_protocol::{MessageId, messages::Message};
use http::StatusCode;
use serde::Deserialize;

use super::{super::problems::Missing, seen_by};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::Path,
    ops::messages::{self, Changing},
};

#[derive(Debug, Deserialize)]
pub(super) struct ReactionPath {
    id: MessageId,
    emoji: String,
}

/// Reacts to a message with an emoji; once more changes nothing.
#[utoipa::path(put, operation_id = "react", path = "/api/v1/chat/messages/{id}/reactions/{emoji}/", tag = "messages", params(("id" = MessageId, Path), ("emoji" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn react(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<ReactionPath>,
) -> Result<axum::Json<Message>> {
    let message = submit(&app, &caller, &path, true).await?.committed().await?;
    Ok(axum::Json(seen_by(&app, &caller, message).await?))
}

/// Takes a reaction back, if there is one.
#[utoipa::path(delete, operation_id = "unreact", path = "/api/v1/chat/messages/{id}/reactions/{emoji}/", tag = "messages", params(("id" = MessageId, Path), ("emoji" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn unreact(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<ReactionPath>,
) -> Result<StatusCode> {
    submit(&app, &caller, &path, false).await?.committed().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn submit(app: &App, caller: &Caller, path: &ReactionPath, added: bool) -> Result<Changing> {
    let room = messages::room_of(app, path.id).await?;
    messages::react(app, caller.id(), room, path.id, &path.emoji, added).await
}
