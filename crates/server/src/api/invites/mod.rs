//! `/api/v1/chat/invites/{code}/`: for those who hold a link.

use axum::extract::State;
use charla_protocol::{ErrorCode, RoomId, invites::InvitePreview, rooms::Room};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    problems::{Missing, TooOften},
    rooms::room_of,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::Path,
    ops,
    wording::Worded,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview)).routes(routes!(accept))
}

/// What the link leads to, signed in or not.
#[utoipa::path(get, operation_id = "get_invite", path = "/api/v1/chat/invites/{code}/", tag = "rooms", params(("code" = String, Path)), security(()),
    responses((status = 200, body = InvitePreview), Missing, TooOften))]
async fn preview(
    State(app): State<App>,
    client: ClientInfo,
    Path(code): Path<String>,
) -> Result<axum::Json<InvitePreview>> {
    app.limits.invite(client.ip)?;
    let (_, room) = ops::invites::find_live(&app, &code).await?;
    let room = room.ok_or_else(|| Error::new(ErrorCode::InviteInvalid))?;
    Ok(axum::Json(InvitePreview {
        id: RoomId(room.id),
        avatar_url: room.avatar_url(),
        participant_count: room.member_count.unsigned_abs(),
        name: room.name.unwrap_or_default(),
        topic: room.topic,
    }))
}

/// Joins the room of the link. Who is in it already spends no use.
#[utoipa::path(post, operation_id = "accept_invite", path = "/api/v1/chat/invites/{code}/accept/", tag = "rooms", params(("code" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing))]
async fn accept(State(app): State<App>, caller: Caller, Path(code): Path<String>) -> Result<Worded<Room>> {
    let room = ops::invites::accept(&app, &caller.user, &code).await?;
    Ok(Worded(room_of(&app, &caller, room).await?))
}
