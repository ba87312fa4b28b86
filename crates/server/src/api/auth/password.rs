//! `/api/v1/auth/password/`.

use axum::{Extension, extract::State};
use charla_protocol::auth::{ChangePassword, ConfirmReset, RequestReset};
use http::StatusCode;

use super::super::problems::TooOften;
use crate::{
    App,
    auth::{Caller, ClientInfo, RequestLanguage},
    error::Result,
    extract::Json,
    ops::accounts,
};

/// Changes the password; every other session ends.
#[utoipa::path(post, operation_id = "change_password", path = "/api/v1/auth/password/change/", tag = "auth", request_body = ChangePassword,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Changed"), TooOften))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode> {
    accounts::change_password(&app, &caller, &body, language.get()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a link by mail to choose a new password. The answer is the same whether the address is anybody's or not.
#[utoipa::path(post, operation_id = "request_password_reset", path = "/api/v1/auth/password/reset/", tag = "auth", request_body = RequestReset, security(()),
    responses((status = 202, description = "If the address is an account's, a link is on its way there, good for one hour"), TooOften))]
pub(super) async fn request_reset(
    State(app): State<App>,
    client: ClientInfo,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<RequestReset>,
) -> Result<StatusCode> {
    accounts::request_reset(&app, &body, &client, language.get()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Chooses a new password with the link that was mailed; every session of the account ends. Each link is good once.
#[utoipa::path(post, operation_id = "confirm_password_reset", path = "/api/v1/auth/password/reset/confirm/", tag = "auth", request_body = ConfirmReset, security(()),
    responses((status = 204, description = "Changed"), TooOften))]
pub(super) async fn confirm_reset(
    State(app): State<App>,
    client: ClientInfo,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<ConfirmReset>,
) -> Result<StatusCode> {
    accounts::confirm_reset(&app, &body, &client, language.get()).await?;
    Ok(StatusCode::NO_CONTENT)
}
