//! `/api/v1/users/me/avatar/`.

use axum::{Json, extract::State};
use charla_protocol::users::Me;
use http::StatusCode;

use super::super::{
    problems::TooOften,
    uploads::{FileForm, Form},
};
use crate::{
    App,
    auth::Caller,
    error::Result,
    ops::{uploads, users},
};

/// Replaces the caller's picture: JPEG, PNG, WebP or GIF. Its middle is kept, 512 pixels a side at most; with `?size=small` its
/// address gives one of 96.
#[utoipa::path(put, operation_id = "set_avatar", path = "/api/v1/users/me/avatar/", tag = "users",
    request_body(content = FileForm, content_type = "multipart/form-data"), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me), TooOften))]
pub(super) async fn set(State(app): State<App>, form: Form<Caller>) -> Result<Json<Me>> {
    let user = uploads::own_avatar(&app, &form.sender, form.receiving).await?;
    Ok(Json(users::me(&app, &user)))
}

/// Takes the caller's picture away.
#[utoipa::path(delete, operation_id = "remove_avatar", path = "/api/v1/users/me/avatar/", tag = "users",
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204)))]
pub(super) async fn remove(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    uploads::remove_own_avatar(&app, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
