//! Reacting.

use axum::extract::State;
use charla_protocol::{MessageId, messages::Message};
use http::StatusCode;
use serde::Deserialize;

use super::{super::problems::Missing, reader::MessageReader, seen_by};
use crate::{
    App,
    error::Result,
    extract::Path,
    ops::messages::{self, Changing},
    wording::Worded,
};

#[derive(Debug, Deserialize)]
pub(super) struct ReactionPath {
    emoji: String,
}

/// Reacts to a message with an emoji; once more changes nothing.
#[utoipa::path(put, operation_id = "react", path = "/api/v1/chat/messages/{id}/reactions/{emoji}/", tag = "messages", params(("id" = MessageId, Path), ("emoji" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn react(
    State(app): State<App>,
    reader: MessageReader,
    Path(ReactionPath { emoji }): Path<ReactionPath>,
) -> Result<Worded<Message>> {
    let message = submit(&app, &reader, &emoji, true).await?.committed().await?;
    Ok(Worded(seen_by(&app, &reader.caller, message).await?))
}

/// Takes a reaction back, if there is one.
#[utoipa::path(delete, operation_id = "unreact", path = "/api/v1/chat/messages/{id}/reactions/{emoji}/", tag = "messages", params(("id" = MessageId, Path), ("emoji" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn unreact(
    State(app): State<App>,
    reader: MessageReader,
    Path(ReactionPath { emoji }): Path<ReactionPath>,
) -> Result<StatusCode> {
    submit(&app, &reader, &emoji, false).await?.committed().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn submit(app: &App, reader: &MessageReader, emoji: &str, added: bool) -> Result<Changing> {
    let (room, id) = (reader.row.room(), reader.row.message_id());
    messages::react(app, reader.caller.id(), room, id, emoji, added).await
}
