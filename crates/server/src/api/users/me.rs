//! `/api/v1/users/me/`: one's own account.

use axum::{Json, extract::State};
use charla_protocol::users::{Me, UpdateMe};

use crate::{
    App,
    auth::Caller,
    error::Result,
    extract,
    ops::{accounts, users},
};

/// The caller's account.
#[utoipa::path(get, operation_id = "get_me", path = "/api/v1/users/me/", tag = "users", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me)))]
pub(super) async fn read(State(app): State<App>, caller: Caller) -> Json<Me> {
    Json(users::me(&app, &caller.user))
}

/// Edits the caller's account; what is left out stays as it is.
#[utoipa::path(patch, operation_id = "update_me", path = "/api/v1/users/me/", tag = "users", request_body = UpdateMe,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me)))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    extract::Json(mut body): extract::Json<UpdateMe>,
) -> Result<Json<Me>> {
    // As at sign-up, the username stands in for a display name that is cleared.
    if let Some(name) = body.display_name.as_mut().filter(|name| name.trim().is_empty()) {
        name.clone_from(&caller.user.username);
    }
    let user = accounts::update_me(&app, &caller, &body).await?;
    Ok(Json(users::me(&app, &user)))
}
