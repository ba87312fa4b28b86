//! The caller's own part in a room.

use axum::extract::State;
use charla_protocol::{
    RoomId,
    messages::ReadState,
    rooms::{Preferences, Room, UpdatePreferences},
};
use http::StatusCode;

use super::{
    super::problems::{Conflicting, Missing},
    room_of,
};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{Json, Path},
    ops,
    wording::Worded,
};

/// Joins a public room.
#[utoipa::path(post, operation_id = "join_room", path = "/api/v1/chat/rooms/{id}/join/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing, Conflicting))]
pub(super) async fn join(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<Worded<Room>> {
    ops::members::join(&app, &caller.user, id).await?;
    Ok(Worded(room_of(&app, &caller, id).await?))
}

/// Leaves a group. A direct room can't be left: 409.
///
/// An owner who leaves hands over to the admin who has been there longest, else to such a member. The last one out closes the
/// room.
#[utoipa::path(post, operation_id = "leave_room", path = "/api/v1/chat/rooms/{id}/leave/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing, Conflicting))]
pub(super) async fn leave(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    ops::members::leave(&app, &caller.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads the room to its end.
#[utoipa::path(post, operation_id = "mark_all_read", path = "/api/v1/chat/rooms/{id}/mark_all_read/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = ReadState), Missing))]
pub(super) async fn mark_all_read(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<axum::Json<ReadState>> {
    Ok(axum::Json(ops::messages::mark_all_read(&app, caller.id(), id).await?))
}

/// Hides all there is up to now, for the caller alone.
#[utoipa::path(post, operation_id = "clear_history", path = "/api/v1/chat/rooms/{id}/clear_history/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn clear_history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    ops::rooms::clear_history(&app, caller.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the caller's own choices for the room.
#[utoipa::path(patch, operation_id = "update_preferences", path = "/api/v1/chat/rooms/{id}/preferences/", tag = "rooms", params(("id" = RoomId, Path)), request_body = UpdatePreferences, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Preferences), Missing))]
pub(super) async fn preferences(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(body): Json<UpdatePreferences>,
) -> Result<axum::Json<Preferences>> {
    Ok(axum::Json(ops::rooms::update_preferences(&app, caller.id(), id, body).await?))
}
