//! `POST /api/v1/auth/setup/`.

use axum::extract::State;
use charla_protocol::auth::{Setup, SignedIn};
use http::StatusCode;

use super::{
    super::problems::{Conflicting, TooOften, Unauthenticated},
    answer::{Answer, signed_in},
};
use crate::{App, auth::ClientInfo, error::Result, extract::Json, ops};

/// Makes the first administrator, with the token of the link that the server printed.
#[utoipa::path(post, operation_id = "setup", path = "/api/v1/auth/setup/", tag = "auth", request_body = Setup, security(()),
    responses((status = 201, body = SignedIn, description = "Made and signed in",
        headers(("Set-Cookie" = String, description = "Both cookies, a line each"))), Unauthenticated, Conflicting, TooOften))]
pub(super) async fn setup(
    State(app): State<App>,
    client: ClientInfo,
    Json(body): Json<Setup>,
) -> Result<(StatusCode, Answer)> {
    let sign_in = ops::setup::complete(&app, &body, &client).await?;
    Ok((StatusCode::CREATED, signed_in(&app, &client, sign_in)))
}
