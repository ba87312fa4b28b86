//! Editing and deleting.

use axum::extract::State;
use charla_protocol::{
    MessageId,
    messages::{EditMessage, Message},
};
use http::StatusCode;

use super::{super::problems::Missing, reader::MessageReader, seen_by};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{Json, Path},
    ops,
    wording::Worded,
};

/// Edits a message: its author alone. `PATCH` does the same.
#[utoipa::path(put, operation_id = "replace_message", path = "/api/v1/chat/messages/{id}/", tag = "messages", params(("id" = MessageId, Path)), request_body = EditMessage, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn replace(
    app: State<App>,
    reader: MessageReader,
    body: Json<EditMessage>,
) -> Result<Worded<Message>> {
    edit(app, reader, body).await
}

/// Edits a message: its author alone. `PUT` does the same.
#[utoipa::path(patch, operation_id = "edit_message", path = "/api/v1/chat/messages/{id}/", tag = "messages", params(("id" = MessageId, Path)), request_body = EditMessage, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn edit(
    State(app): State<App>,
    MessageReader { caller, row, .. }: MessageReader,
    Json(body): Json<EditMessage>,
) -> Result<Worded<Message>> {
    let (room, id) = (row.room(), row.message_id());
    let change = ops::messages::edit(&app, caller.id(), room, id, &body.content).await?;
    Ok(Worded(seen_by(&app, &caller, change.committed().await?).await?))
}

/// Deletes a message: its author, an admin or the owner of its room, staff. It keeps its place.
#[utoipa::path(delete, operation_id = "delete_message", path = "/api/v1/chat/messages/{id}/", tag = "messages", params(("id" = MessageId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> Result<StatusCode> {
    let room = ops::messages::room_of(&app, id).await?;
    ops::messages::delete(&app, caller.id(), caller.via, room, id).await?.committed().await?;
    Ok(StatusCode::NO_CONTENT)
}
