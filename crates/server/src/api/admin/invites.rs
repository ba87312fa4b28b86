//! `/api/v1/admin/invites/`: links by which people make an account.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    List,
    invites::{CreateInvite, Invite},
};
use http::StatusCode;

use super::super::problems::{Conflicting, Missing};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{OptionalJson, Path},
    ops::{self, invites::MAX_INVITES},
};

/// The server's invites, the latest first: to staff.
#[utoipa::path(get, operation_id = "list_server_invites", path = "/api/v1/admin/invites/", tag = "admin", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Invite>)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<List<Invite>>> {
    ops::invites::check_staff(&caller.user)?;
    let found = queries::invites::of(app.db.read(), None, MAX_INVITES).await?;
    let shown = found.into_iter().map(|(invite, maker)| ops::invites::shown(&app, invite, &maker));
    Ok(axum::Json(List::whole(shown.collect())))
}

/// Makes an invite by which people make an account: staff.
#[utoipa::path(post, operation_id = "create_server_invite", path = "/api/v1/admin/invites/", tag = "admin", request_body = Option<CreateInvite>, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Invite), Conflicting))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    OptionalJson(body): OptionalJson<CreateInvite>,
) -> Result<(StatusCode, axum::Json<Invite>)> {
    let invite = ops::invites::create_for_server(&app, &caller.user, &body).await?;
    Ok((StatusCode::CREATED, axum::Json(invite)))
}

/// Withdraws an invite of the server: staff.
#[utoipa::path(delete, operation_id = "withdraw_server_invite", path = "/api/v1/admin/invites/{code}/", tag = "admin", params(("code" = String, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<StatusCode> {
    ops::invites::withdraw_for_server(&app, caller.id(), &code).await?;
    Ok(StatusCode::NO_CONTENT)
}
