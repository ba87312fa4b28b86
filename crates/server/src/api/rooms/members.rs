//! `rooms/{id}/members/`.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    List, RoomId, UserId,
    members::{AddMembers, ChangeRole, Member},
};
use http::StatusCode;
use serde::Deserialize;

use super::super::{
    page::{self, Paging},
    problems::{Conflicting, Missing},
    room_access::RoomReader,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{Json, Path, Query},
    ops,
};

#[derive(Debug, Deserialize)]
pub(super) struct MemberPath {
    id: RoomId,
    user_id: UserId,
}

/// The room's members, by the time they joined. How far somebody has read is null where either keeps their receipts, or a block
/// parts the two.
#[utoipa::path(get, operation_id = "list_members", path = "/api/v1/chat/rooms/{id}/members/", tag = "rooms", params(("id" = RoomId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Member>), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    reader: RoomReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Member>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let room = reader.access.room_id();
    let found = queries::members::page(app.db.read(), &reader.caller.user, room, ask).await?;
    let ends = found.ends(|member| (member.joined_at.millis(), member.user.id));
    let path = format!("/api/v1/chat/rooms/{room}/members/");
    Ok(axum::Json(page::list(&client, &path, found.rows, ends, &parameters)))
}

/// Adds people: owner and admins. Answers those who were not members before.
#[utoipa::path(post, operation_id = "add_members", path = "/api/v1/chat/rooms/{id}/members/", tag = "rooms", params(("id" = RoomId, Path)), request_body = AddMembers, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = List<Member>), Missing, Conflicting))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(body): Json<AddMembers>,
) -> Result<(StatusCode, axum::Json<List<Member>>)> {
    let added = ops::members::add(&app, &caller.user, caller.via, id, &body.user_ids).await?;
    Ok((StatusCode::CREATED, axum::Json(List::whole(added))))
}

/// Gives a member a role: the owner. Who makes another the owner becomes admin.
#[utoipa::path(patch, operation_id = "change_role", path = "/api/v1/chat/rooms/{id}/members/{user_id}/", tag = "rooms", params(("id" = RoomId, Path), ("user_id" = UserId, Path)), request_body = ChangeRole, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Member), Missing, Conflicting))]
pub(super) async fn change_role(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<MemberPath>,
    Json(body): Json<ChangeRole>,
) -> Result<axum::Json<Member>> {
    let (room, target) = (path.id, path.user_id);
    let member = ops::members::change_role(&app, &caller.user, caller.via, room, target, body.role).await?;
    Ok(axum::Json(member))
}

/// Takes a member out: owner and admins. Oneself: leaves.
#[utoipa::path(delete, operation_id = "remove_member", path = "/api/v1/chat/rooms/{id}/members/{user_id}/", tag = "rooms", params(("id" = RoomId, Path), ("user_id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing, Conflicting))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<MemberPath>,
) -> Result<StatusCode> {
    ops::members::remove(&app, &caller.user, caller.via, path.id, path.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
