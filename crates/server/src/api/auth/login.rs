//! `POST /api/v1/auth/login/`.

use axum::{Extension, extract::State};
use charla_protocol::auth::{Login, SignedIn};

use super::{
    super::problems::{TooOften, Unauthenticated},
    answer::{Answer, signed_in},
};
use crate::{
    App,
    auth::{ClientInfo, RequestLanguage},
    error::Result,
    extract::Json,
    ops::sessions,
};

/// Begins a session, by username or e-mail address.
#[utoipa::path(post, operation_id = "login", path = "/api/v1/auth/login/", tag = "auth", request_body = Login, security(()),
    responses((status = 200, body = SignedIn, description = "Signed in",
        headers(("Set-Cookie" = String, description = "Both cookies, a line each"))), Unauthenticated, TooOften))]
pub(super) async fn login(
    State(app): State<App>,
    client: ClientInfo,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<Login>,
) -> Result<Answer> {
    let sign_in = sessions::sign_in(&app, &body, &client, language.get()).await?;
    Ok(signed_in(&app, &client, sign_in))
}
