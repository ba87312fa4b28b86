//! `/api/v1/auth/register/`.

use axum::{Extension, extract::State};
use charla_protocol::auth::{Register, RegistrationPolicy, SignedIn};
use http::StatusCode;

use super::{
    super::problems::TooOften,
    answer::{Answer, signed_in},
};
use crate::{
    App,
    auth::{ClientInfo, RequestLanguage},
    error::Result,
    extract::Json,
    ops::accounts,
};

/// Who may make an account here, and whether the server sends mail.
#[utoipa::path(get, operation_id = "registration_policy", path = "/api/v1/auth/register/", tag = "auth", security(()),
    responses((status = 200, body = RegistrationPolicy)))]
pub(super) async fn policy(State(app): State<App>) -> axum::Json<RegistrationPolicy> {
    let now = app.settings.now();
    axum::Json(RegistrationPolicy {
        registration: now.registration.value,
        welcome: now.welcome.value.clone(),
        sends_mail: app.config.sends_mail(),
    })
}

/// Makes an account, and signs it in.
#[utoipa::path(post, operation_id = "register", path = "/api/v1/auth/register/", tag = "auth", request_body = Register, security(()),
    responses((status = 201, body = SignedIn, description = "Made and signed in",
        headers(("Set-Cookie" = String, description = "Both cookies, a line each"))), TooOften))]
pub(super) async fn register(
    State(app): State<App>,
    client: ClientInfo,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<Register>,
) -> Result<(StatusCode, Answer)> {
    let sign_in = accounts::register(&app, &body, &client, language.get()).await?;
    Ok((StatusCode::CREATED, signed_in(&app, &client, sign_in)))
}
