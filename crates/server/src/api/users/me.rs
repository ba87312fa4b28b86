//! `/api/v1/users/me/`: one's own account.

use axum::{Extension, Json, extract::State};
use axum_extra::extract::CookieJar;
use charla_protocol::users::{DeleteMe, Me, UpdateMe};
use http::StatusCode;

use super::super::problems::{Conflicting, TooOften};
use crate::{
    App,
    auth::{Caller, ClientInfo, RequestLanguage, cookies},
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
    responses((status = 200, body = Me), TooOften))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Extension(language): Extension<RequestLanguage>,
    extract::Json(mut body): extract::Json<UpdateMe>,
) -> Result<Json<Me>> {
    // As at sign-up, the username stands in for a display name that is cleared.
    if let Some(name) = body.display_name.as_mut().filter(|name| name.trim().is_empty()) {
        name.clone_from(&caller.user.username);
    }
    let user = accounts::update_me(&app, &caller, &body, language.get()).await?;
    Ok(Json(users::me(&app, &user)))
}

/// Deletes the caller's account: its personal data goes, its messages stay under the name of a deleted account. Its sessions end,
/// it leaves its groups, and its direct chats can only be read.
#[utoipa::path(delete, operation_id = "delete_me", path = "/api/v1/users/me/", tag = "users", request_body = DeleteMe,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Deleted",
        headers(("Set-Cookie" = String, description = "Takes both cookies away, a line each"))), Conflicting, TooOften))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    extract::Json(body): extract::Json<DeleteMe>,
) -> Result<(StatusCode, CookieJar)> {
    accounts::delete(&app, &caller, &body.password).await?;
    Ok((StatusCode::NO_CONTENT, cookies::signed_out(client.is_https)))
}
