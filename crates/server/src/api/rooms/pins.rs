//! `rooms/{id}/pins/`.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    List, MessageId, RoomId,
    pins::{PinMessage, PinnedMessage},
};
use http::StatusCode;
use serde::Deserialize;

use super::super::{
    page::{self, Paging},
    problems::Missing,
    room_access::RoomReader,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::{Json, Path, Query},
    ops,
    wording::Worded,
};

#[derive(Debug, Deserialize)]
pub(super) struct PinPath {
    id: RoomId,
    message_id: MessageId,
}

/// The room's pinned messages, as far as the caller can see them, the latest pin first.
#[utoipa::path(get, operation_id = "list_pins", path = "/api/v1/chat/rooms/{id}/pins/", tag = "rooms", params(("id" = RoomId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<PinnedMessage>), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    reader: RoomReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Worded<List<PinnedMessage>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let (room, hidden) = (reader.access.room_id(), reader.access.hidden_seq());
    let found = queries::pins::page(app.db.read(), room, hidden, reader.caller.user.viewer(), ask).await?;
    let ends = found.ends(|pin| (pin.pinned_at.millis(), pin.message.id));
    let path = format!("/api/v1/chat/rooms/{room}/pins/");
    Ok(Worded(page::list(&client, &path, found.rows, ends, &parameters)))
}

/// Pins a message, 100 in a room at most: the owner and admins of a group, both people of a direct room. 200 where it was
/// pinned already.
#[utoipa::path(post, operation_id = "pin_message", path = "/api/v1/chat/rooms/{id}/pins/", tag = "rooms", params(("id" = RoomId, Path)), request_body = PinMessage, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = PinnedMessage, description = "It was pinned already"), (status = 201, body = PinnedMessage, description = "Pinned"), Missing))]
pub(super) async fn pin(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(PinMessage { message_id }): Json<PinMessage>,
) -> Result<(StatusCode, Worded<PinnedMessage>)> {
    let is_new = ops::pins::pin(&app, caller.id(), id, message_id).await?;
    let db = app.db.read();
    let pin = queries::pins::find(db, message_id).await?;
    let found = pin.zip(queries::messages::find(db, message_id).await?);
    let pinned = queries::pins::wire(db, found.into_iter().collect(), caller.user.viewer()).await?;
    // Somebody may have taken it away again.
    let pinned = pinned.into_iter().next().ok_or_else(Error::not_found)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Worded(pinned)))
}

/// Takes a pin away, where there is one.
#[utoipa::path(delete, operation_id = "unpin_message", path = "/api/v1/chat/rooms/{id}/pins/{message_id}/", tag = "rooms", params(("id" = RoomId, Path), ("message_id" = MessageId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn unpin(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<PinPath>,
) -> Result<StatusCode> {
    ops::pins::unpin(&app, caller.id(), path.id, path.message_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
