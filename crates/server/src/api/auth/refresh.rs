//! `POST /api/v1/auth/refresh/`.

use axum::{Json, extract::State};
use axum_extra::extract::CookieJar;
use charla_protocol::{
    ErrorCode,
    auth::{Refresh, Tokens},
};
use http::HeaderMap;

use super::super::problems::{TooOften, Unauthenticated};
use crate::{
    App,
    auth::{ClientInfo, cookies},
    error::{Error, Result},
    extract::OptionalJson,
    ops::sessions,
};

/// Spends a refresh token, of the body or else of the cookie, for a fresh pair.
///
/// A spent one that comes again ends its session.
#[utoipa::path(post, operation_id = "refresh_tokens", path = "/api/v1/auth/refresh/", tag = "auth", request_body = Option<Refresh>, security(()),
    responses((status = 200, body = Tokens, description = "A fresh pair",
        headers(("Set-Cookie" = String, description = "Both cookies, a line each"))), Unauthenticated, TooOften))]
pub(super) async fn refresh(
    State(app): State<App>,
    client: ClientInfo,
    headers: HeaderMap,
    OptionalJson(body): OptionalJson<Refresh>,
) -> Result<(CookieJar, Json<Tokens>)> {
    let token = body.refresh.or_else(|| cookies::read(&headers, cookies::REFRESH));
    let token = token.ok_or_else(|| Error::new(ErrorCode::NotAuthenticated))?;
    let tokens = sessions::refresh(&app, &token, &client).await?;
    let jar = cookies::signed_in(&tokens, client.is_https);
    Ok((jar, Json(Tokens { access: tokens.access, refresh: tokens.refresh })))
}
