//! `rooms/{id}/invites/`.

use axum::extract::State;
use charla_db::queries::{self, paging::Ask};
use charla_permissions::Permission;
use charla_protocol::{
    List, RoomId,
    invites::{CreateInvite, Invite},
};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    page::{self, Paging},
    problems::{Conflicting, Missing},
    room_access::RoomViewer,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{OptionalJson, Path, Query},
    ops,
};

#[derive(Debug, Deserialize)]
pub(super) struct InvitePath {
    id: RoomId,
    code: String,
}

/// The room's invites, the latest first: to the owner and admins.
#[utoipa::path(get, operation_id = "list_invites", path = "/api/v1/chat/rooms/{id}/invites/", tag = "rooms", params(("id" = RoomId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Invite>), Missing, Conflicting))]
pub(super) async fn list(
    State(app): State<App>,
    viewer: RoomViewer,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Invite>>> {
    viewer.access.check(Permission::Invite)?;
    let room = viewer.access.room_id();
    let path = format!("/api/v1/chat/rooms/{room}/invites/");
    Ok(axum::Json(page_of_invites(&app, &client, &path, Some(room), paging.ask()?).await?))
}

/// A page of the invites of a room, or of the server.
pub(in crate::api) async fn page_of_invites(
    app: &App,
    client: &ClientInfo,
    path: &str,
    room: Option<RoomId>,
    ask: Ask<Uuid>,
) -> Result<List<Invite>> {
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::invites::page(app.db.read(), room, ask).await?;
    let ends = found.ends(|(invite, _)| invite.id);
    let shown = found.rows.into_iter().map(|(invite, maker)| ops::invites::shown(app, invite, &maker));
    Ok(page::list(client, path, shown.collect(), ends, &parameters))
}

/// Makes an invite: the owner and admins of a group.
#[utoipa::path(post, operation_id = "create_invite", path = "/api/v1/chat/rooms/{id}/invites/", tag = "rooms", params(("id" = RoomId, Path)), request_body = Option<CreateInvite>, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Invite), Missing, Conflicting))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    OptionalJson(body): OptionalJson<CreateInvite>,
) -> Result<(StatusCode, axum::Json<Invite>)> {
    let invite = ops::invites::create(&app, &caller.user, id, &body).await?;
    Ok((StatusCode::CREATED, axum::Json(invite)))
}

/// Withdraws an invite: the owner and admins.
#[utoipa::path(delete, operation_id = "withdraw_invite", path = "/api/v1/chat/rooms/{id}/invites/{code}/", tag = "rooms", params(("id" = RoomId, Path), ("code" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing, Conflicting))]
pub(super) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<InvitePath>,
) -> Result<StatusCode> {
    ops::invites::withdraw(&app, caller.id(), path.id, &path.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
