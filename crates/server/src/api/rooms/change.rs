//! Making, editing and closing rooms.

use axum::extract::State;
use charla_protocol::{
    RoomId,
    rooms::{CreateRoom, DirectChat, Room, UpdateRoom},
};
use http::StatusCode;

use super::{
    super::problems::{Conflicting, Missing, TooOften},
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

/// Makes a group; the caller owns it.
#[utoipa::path(post, operation_id = "create_room", path = "/api/v1/chat/rooms/", tag = "rooms", request_body = CreateRoom, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Room, description = "Made"), TooOften))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateRoom>,
) -> Result<(StatusCode, Worded<Room>)> {
    let id = ops::rooms::create(&app, &caller.user, body).await?;
    Ok((StatusCode::CREATED, Worded(room_of(&app, &caller, id).await?)))
}

/// Opens the direct room with somebody: 201 where it was made, 200 where there was one.
#[utoipa::path(post, operation_id = "open_direct_chat", path = "/api/v1/chat/rooms/direct_chat/", tag = "rooms", request_body = DirectChat, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room, description = "There was one"), (status = 201, body = Room, description = "Made"), Missing, Conflicting, TooOften))]
pub(super) async fn direct_chat(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<DirectChat>,
) -> Result<(StatusCode, Worded<Room>)> {
    let (id, made) = ops::direct_rooms::open(&app, &caller.user, body.user_id).await?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Worded(room_of(&app, &caller, id).await?)))
}

/// Edits a room: owner and admins.
#[utoipa::path(patch, operation_id = "update_room", path = "/api/v1/chat/rooms/{id}/", tag = "rooms", params(("id" = RoomId, Path)), request_body = UpdateRoom, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing, Conflicting))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(body): Json<UpdateRoom>,
) -> Result<Worded<Room>> {
    ops::rooms::update(&app, &caller.user, id, body).await?;
    Ok(Worded(room_of(&app, &caller, id).await?))
}

/// Closes a room: from now on it can be read, but not changed. Its owner.
#[utoipa::path(delete, operation_id = "close_room", path = "/api/v1/chat/rooms/{id}/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing, Conflicting))]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    ops::rooms::close(&app, caller.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
