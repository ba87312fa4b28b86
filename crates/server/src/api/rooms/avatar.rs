//! `/api/v1/chat/rooms/{id}/avatar/`.

use axum::extract::State;
use charla_protocol::{RoomId, rooms::Room};
use http::StatusCode;

use super::{
    super::{
        problems::{Conflicting, Missing, TooOften},
        room_access::RoomViewer,
        uploads::{FileForm, Form},
    },
    room_of,
};
use crate::{App, auth::Caller, error::Result, extract::Path, ops::uploads, wording::Worded};

/// Replaces the picture of a room, as one's own: owner and admins.
#[utoipa::path(put, operation_id = "set_room_avatar", path = "/api/v1/chat/rooms/{id}/avatar/", tag = "rooms", params(("id" = RoomId, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing, Conflicting, TooOften))]
pub(super) async fn set(State(app): State<App>, form: Form<RoomViewer>) -> Result<Worded<Room>> {
    let RoomViewer { caller, access } = form.sender;
    uploads::room_avatar(&app, &caller, &access, form.receiving).await?;
    Ok(Worded(room_of(&app, &caller, access.room_id()).await?))
}

/// Takes the picture of a room away: owner and admins.
#[utoipa::path(delete, operation_id = "remove_room_avatar", path = "/api/v1/chat/rooms/{id}/avatar/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing, Conflicting))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    uploads::remove_room_avatar(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
