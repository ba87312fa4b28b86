//! `POST /api/v1/auth/logout/`.

use std::net::IpAddr;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use charla_protocol::{ErrorCode, SessionId, UserId};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::{
    App,
    auth::{ClientInfo, CredentialKind, authenticate, check_refresh, cookies, credentials, scopes},
    error::{Error, Result},
    ops::sessions,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Ends this session: its tokens die at once, its sockets close. The refresh cookie does where there is no good access cookie.
#[utoipa::path(post, operation_id = "logout", path = "/api/v1/auth/logout/", tag = "auth", security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Ended",
        headers(("Set-Cookie" = String, description = "Takes both cookies away, a line each; a 401 or 403 does so too"),
            ("Clear-Site-Data" = String, description = "`\"cache\"`, over HTTPS and on the same machine; with a 401 or 403 too")))))]
pub(super) async fn logout(State(app): State<App>, client: ClientInfo, headers: HeaderMap) -> Response {
    let (forgotten, cookies) = (forgotten(&client), cookies::signed_out(client.is_https));
    match end(&app, &headers).await {
        Ok(()) => (StatusCode::NO_CONTENT, forgotten, cookies).into_response(),
        // Their session is over: they would only be refused again.
        Err(error) if matches!(error.code.status(), 401 | 403) => (forgotten, cookies, error).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Has the browser forget the files that it has kept, which are anybody's who uses it next. Browsers heed it where the way is safe, and
/// complain elsewhere.
fn forgotten(client: &ClientInfo) -> HeaderMap {
    let is_safe = client.is_https || client.host_name().is_some_and(is_loopback);
    let header = is_safe.then_some((CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\"")));
    header.into_iter().collect()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

async fn end(app: &App, headers: &HeaderMap) -> Result<()> {
    let (user, session) = session(app, headers).await?;
    sessions::sign_out(app, user, session).await
}

/// The live session that the request speaks for. A header alone counts where there is one.
async fn session(app: &App, headers: &HeaderMap) -> Result<(UserId, SessionId)> {
    let by_access = match credentials(headers) {
        Some((token, kind)) => Some((authenticate(app, &token).await, kind)),
        None => None,
    };
    match by_access {
        Some((Ok(caller), _)) => {
            scopes::check_person(caller.scopes.as_deref())?;
            Ok((caller.id(), caller.session))
        }
        Some((Err(error), CredentialKind::Header)) => Err(error),
        Some((Err(error), CredentialKind::Cookie)) if error.code != ErrorCode::InvalidToken => Err(error),
        Some((Err(error), CredentialKind::Cookie)) => by_refresh(app, headers, error).await,
        None => by_refresh(app, headers, Error::new(ErrorCode::NotAuthenticated)).await,
    }
}

async fn by_refresh(app: &App, headers: &HeaderMap, without: Error) -> Result<(UserId, SessionId)> {
    let token = cookies::read(headers, cookies::REFRESH).ok_or(without)?;
    let claims = check_refresh(app, &token, app.clock.now()).await?;
    Ok((claims.sub, claims.sid))
}
