//! `/api/v1/auth/email/`.

use axum::{Extension, extract::State};
use charla_protocol::auth::VerifyEmail;
use http::StatusCode;

use super::super::problems::{Conflicting, TooOften};
use crate::{
    App,
    auth::{Caller, ClientInfo, RequestLanguage},
    error::Result,
    extract::Json,
    ops::accounts,
};

/// Shows with the link that was mailed that the e-mail address is the account's. Each link is good once.
#[utoipa::path(post, operation_id = "verify_email", path = "/api/v1/auth/email/verify/", tag = "auth", request_body = VerifyEmail, security(()),
    responses((status = 204, description = "Verified"), TooOften))]
pub(super) async fn verify(
    State(app): State<App>,
    client: ClientInfo,
    Json(body): Json<VerifyEmail>,
) -> Result<StatusCode> {
    accounts::verify_email(&app, &body, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mails the link again, unless the address is verified.
#[utoipa::path(post, operation_id = "send_verification", path = "/api/v1/auth/email/verify/send/", tag = "auth",
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 202, description = "On its way"), Conflicting, TooOften))]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Extension(language): Extension<RequestLanguage>,
) -> Result<StatusCode> {
    accounts::send_verification(&app, &caller.user, language.get()).await?;
    Ok(StatusCode::ACCEPTED)
}
