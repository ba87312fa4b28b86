//! `/api/v1/auth/two_factor/`, and the second step of signing in.

use axum::{Extension, Json as Body, extract::State};
use charla_protocol::{
    auth::SignedIn,
    two_factor::{RecoveryCodes, TwoFactor, TwoFactorLogin, TwoFactorProof, TwoFactorSetup},
};
use http::StatusCode;

use super::{
    super::problems::{Conflicting, Refused, TooOften, Unauthenticated},
    answer::{Answer, signed_in},
};
use crate::{
    App,
    auth::{Caller, ClientInfo, RequestLanguage},
    error::Result,
    extract::Json,
    ops::{sessions, two_factor},
};

/// Goes on with a sign-in that waits for a code. The token is good once, for five minutes, and a code once.
#[utoipa::path(post, operation_id = "login_two_factor", path = "/api/v1/auth/login/two_factor/", tag = "auth", request_body = TwoFactorLogin, security(()),
    responses((status = 200, body = SignedIn, description = "Signed in",
        headers(("Set-Cookie" = String, description = "Both cookies, a line each"))), Unauthenticated, TooOften))]
pub(super) async fn login(
    State(app): State<App>,
    client: ClientInfo,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<TwoFactorLogin>,
) -> Result<Answer> {
    let sign_in = sessions::sign_in_by_code(&app, &body, &client, language.get()).await?;
    Ok(signed_in(&app, &client, sign_in))
}

/// Whether signing in to the caller's account takes a code.
#[utoipa::path(get, operation_id = "two_factor", path = "/api/v1/auth/two_factor/", tag = "auth", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = TwoFactor)))]
pub(super) async fn status(State(app): State<App>, caller: Caller) -> Result<Body<TwoFactor>> {
    Ok(Body(two_factor::status(&app, &caller.user).await?))
}

/// Makes a secret for an authenticator. Nothing changes for the account before `enable/`; the latest secret counts.
#[utoipa::path(post, operation_id = "set_up_two_factor", path = "/api/v1/auth/two_factor/setup/", tag = "auth",
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = TwoFactorSetup), Conflicting))]
pub(super) async fn set_up(State(app): State<App>, caller: Caller) -> Result<Body<TwoFactorSetup>> {
    Ok(Body(two_factor::set_up(&app, &caller).await?))
}

/// Has signing in take a code from now on, once the password and a code of the new secret have come. Every other session ends.
#[utoipa::path(post, operation_id = "enable_two_factor", path = "/api/v1/auth/two_factor/enable/", tag = "auth", request_body = TwoFactorProof,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = RecoveryCodes), Conflicting, TooOften))]
pub(super) async fn enable(
    State(app): State<App>,
    caller: Caller,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<TwoFactorProof>,
) -> Result<Body<RecoveryCodes>> {
    Ok(Body(two_factor::enable(&app, &caller, &body, language.get()).await?))
}

/// Has signing in take the password alone.
#[utoipa::path(post, operation_id = "disable_two_factor", path = "/api/v1/auth/two_factor/disable/", tag = "auth", request_body = TwoFactorProof,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Off"), Refused, Conflicting, TooOften))]
pub(super) async fn disable(
    State(app): State<App>,
    caller: Caller,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<TwoFactorProof>,
) -> Result<StatusCode> {
    two_factor::disable(&app, &caller, &body, language.get()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts ten new recovery codes in the place of those that there are.
#[utoipa::path(post, operation_id = "renew_recovery_codes", path = "/api/v1/auth/two_factor/recovery_codes/", tag = "auth", request_body = TwoFactorProof,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = RecoveryCodes), Conflicting, TooOften))]
pub(super) async fn renew_codes(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<TwoFactorProof>,
) -> Result<Body<RecoveryCodes>> {
    Ok(Body(two_factor::renew_codes(&app, &caller, &body).await?))
}
