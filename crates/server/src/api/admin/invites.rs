//! `/api/v1/admin/invites/`: links by which people make an account.

use axum::extract::State;
use charla_protocol::{
    List,
    invites::{CreateInvite, Invite},
};
use http::StatusCode;

use super::super::{
    page::Paging,
    problems::{Conflicting, Missing},
    rooms::page_of_invites,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{OptionalJson, Path, Query},
    ops,
};

/// The server's invites, the latest first: to staff.
#[utoipa::path(get, operation_id = "list_server_invites", path = "/api/v1/admin/invites/", tag = "admin", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Invite>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Invite>>> {
    let ask = paging.ask()?;
    ops::staff::check_staff(&caller.user)?;
    Ok(axum::Json(page_of_invites(&app, &client, "/api/v1/admin/invites/", None, ask).await?))
}

/// Makes an invite by which people make an account: staff.
#[utoipa::path(post, operation_id = "create_server_invite", path = "/api/v1/admin/invites/", tag = "admin", request_body = Option<CreateInvite>, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Invite), Conflicting))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    OptionalJson(body): OptionalJson<CreateInvite>,
) -> Result<(StatusCode, axum::Json<Invite>)> {
    let invite = ops::invites::create_for_server(&app, &caller, &body).await?;
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
    ops::invites::withdraw_for_server(&app, &caller, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}
