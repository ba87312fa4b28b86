//! `rooms/{id}/draft/`.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    RoomId,
    drafts::{Draft, PutDraft},
};
use http::StatusCode;

use super::super::{problems::Missing, room_access::RoomReader};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{Json, Path},
    ops,
};

/// What the caller has typed in the room and not sent.
#[utoipa::path(get, operation_id = "get_draft", path = "/api/v1/chat/rooms/{id}/draft/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Draft), Missing))]
pub(super) async fn get(State(app): State<App>, reader: RoomReader) -> Result<axum::Json<Draft>> {
    let draft = queries::drafts::find(app.db.read(), reader.caller.id(), reader.access.room_id()).await?;
    Ok(axum::Json(draft))
}

/// Keeps a draft in the place of the one before. Blank text that answers nothing deletes it.
#[utoipa::path(put, operation_id = "put_draft", path = "/api/v1/chat/rooms/{id}/draft/", tag = "rooms", params(("id" = RoomId, Path)), request_body = PutDraft, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Draft), Missing))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(body): Json<PutDraft>,
) -> Result<axum::Json<Draft>> {
    Ok(axum::Json(ops::drafts::put(&app, caller.id(), id, &body).await?))
}

/// Deletes the draft, where there is one.
#[utoipa::path(delete, operation_id = "delete_draft", path = "/api/v1/chat/rooms/{id}/draft/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    ops::drafts::delete(&app, caller.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
