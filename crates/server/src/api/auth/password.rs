//! `/api/v1/auth/password/`.

use axum::extract::State;
use charla_protocol::auth::ChangePassword;
use http::StatusCode;

use super::super::problems::TooOften;
use crate::{App, auth::Caller, error::Result, extract::Json, ops::accounts};

/// Changes the password; every other session ends.
#[utoipa::path(post, operation_id = "change_password", path = "/api/v1/auth/password/change/", tag = "auth", request_body = ChangePassword,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Changed"), TooOften))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode> {
    accounts::change_password(&app, &caller, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
