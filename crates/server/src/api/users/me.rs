//! `/api/v1/users/me/`: one's own account.

use axum::{Json, extract::State};
use charla_protocol::users::{Me, UpdateMe};

use super::super::problems::{Refused, Rejected, TooLarge, Unauthenticated, Unavailable, WrongType};
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract,
    ops::{accounts, users},
};

/// The caller's account.
#[utoipa::path(get, operation_id = "get_me", path = "/api/v1/users/me/", tag = "users", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me), Unauthenticated, Refused))]
pub(super) async fn read(State(app): State<App>, caller: Caller) -> Json<Me> {
    Json(users::me(&app, &caller.user))
}

/// Edits the caller's account; what is left out stays as it is.
#[utoipa::path(patch, operation_id = "update_me", path = "/api/v1/users/me/", tag = "users", request_body = UpdateMe,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me), Rejected, Unauthenticated, Refused, TooLarge, WrongType, Unavailable))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    extract::Json(body): extract::Json<UpdateMe>,
) -> Result<Json<Me>> {
    let user = accounts::update_me(&app, &caller, &body).await?;
    Ok(Json(users::me(&app, &user)))
}
