//! Who is calling.

use axum::extract::FromRequestParts;
use charla_db::{
    queries::{
        access::{self, Access},
        audit::Via,
        sessions,
    },
    tables::{self, users},
};
use charla_protocol::{ErrorCode, RoomId, SessionId, Timestamp, UserId, bots::Scope};
use http::{HeaderMap, header, request::Parts};

use super::{
    ClientInfo, Credential, RequestLanguage, cookies, scopes,
    tokens::{Claims, TokenKind},
};
use crate::{
    App,
    error::{Error, Result},
    middleware::RequestId,
};

/// A signed-in account that is in use, and the session it calls through.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: users::Model,
    pub session: SessionId,
    /// For the audit log.
    pub via: Via,
    /// What a bot's token permits; none for people, who may do all that they have the right to.
    pub scopes: Option<Vec<Scope>>,
}

impl Caller {
    pub fn id(&self) -> UserId {
        self.user.user_id()
    }
}

/// Where an access token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    Header,
    Cookie,
}

/// 401 for who is not signed in, 403 for a disabled account, one that has something to do first, or a token that does not permit it.
impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Self { via: via(parts), ..authenticate(app, &token(parts)?).await? };
        enter(parts, app, caller)
    }
}

/// The caller, and how they stand to a room: with one query for both.
///
/// # Errors
/// Those of a [`Caller`]; 404 where there is no such room.
pub async fn call_about(parts: &Parts, app: &App, room: RoomId) -> Result<(Caller, Access)> {
    let now = app.clock.now();
    let credential = Credential::read(&app.tokens, &token(parts)?, now)?;
    let (session, room, member) = match access::call(app.db.read(), credential.session(), room).await? {
        Some(call) => (Some((call.session, call.user)), call.room, call.member),
        None => (None, None, None),
    };
    let caller = Caller { via: via(parts), ..credential.admit(session, now)? };
    let caller = enter(parts, app, caller)?;
    let room = room.ok_or_else(Error::not_found)?;
    let is_staff = caller.user.is_staff;
    Ok((caller, Access { room, member, is_staff }))
}

/// Where a request comes from, and by what it is found in the log.
pub fn via(parts: &Parts) -> Via {
    Via {
        address: parts.extensions.get::<ClientInfo>().map(|client| client.ip),
        request: parts.extensions.get::<RequestId>().map(|id| id.0),
    }
}

fn token(parts: &Parts) -> Result<String> {
    let credentials = credentials(&parts.headers).ok_or_else(|| Error::new(ErrorCode::NotAuthenticated))?;
    Ok(credentials.0)
}

/// Whether somebody who is known may go on with that request.
fn enter(parts: &Parts, app: &App, caller: Caller) -> Result<Caller> {
    if let Some(language) = parts.extensions.get::<RequestLanguage>() {
        language.set_account(caller.user.language());
    }
    scopes::check_request(caller.scopes.as_deref(), parts)?;
    if let Some(demand) = app.demand(&caller.user)
        && !is_open_to_the_held(parts.uri.path())
    {
        return Err(Error::new(demand));
    }
    if !parts.method.is_safe() {
        app.limits.action(caller.id())?;
    }
    Ok(caller)
}

/// What an account needs to become one of use, or to go.
fn is_open_to_the_held(path: &str) -> bool {
    path == "/api/v1/users/me/" || path.starts_with("/api/v1/auth/")
}

/// The access token of a request. A header counts before the cookie, a bad one too: it gives an empty token, which nobody accepts.
pub fn credentials(headers: &HeaderMap) -> Option<(String, CredentialKind)> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Some((bearer(headers).unwrap_or_default().to_owned(), CredentialKind::Header));
    }
    cookies::read(headers, cookies::ACCESS).map(|token| (token, CredentialKind::Cookie))
}

/// The token of the one `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (values.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}

/// The caller behind an access token.
///
/// # Errors
/// `invalid_token`, `session_ended`, `account_disabled`, `banned`.
pub async fn authenticate(app: &App, token: &str) -> Result<Caller> {
    let now = app.clock.now();
    let credential = Credential::read(&app.tokens, token, now)?;
    let session = sessions::find(app.db.read(), credential.session()).await?;
    credential.admit(session, now)
}

/// What a refresh token says, if its session is alive and its account in use. It may have been spent.
///
/// # Errors
/// `invalid_token`, `session_ended`, `account_disabled`, `banned`.
pub async fn check_refresh(app: &App, token: &str, now: Timestamp) -> Result<Claims> {
    let claims = app.tokens.check(token, TokenKind::Refresh, now)?;
    let session = sessions::find(app.db.read(), claims.sid).await?;
    admit(claims.sub, session, now)?;
    Ok(claims)
}

/// The account of a token that is `owner`'s, by the session that it names.
///
/// # Errors
/// `invalid_token`, `session_ended`, `account_disabled`, `banned`.
pub fn admit(
    owner: UserId,
    session: Option<(tables::sessions::Model, users::Model)>,
    now: Timestamp,
) -> Result<users::Model> {
    let Some((session, user)) = session else { return Err(Error::new(ErrorCode::SessionEnded)) };
    if user.user_id() != owner {
        return Err(Error::new(ErrorCode::InvalidToken));
    }
    if !session.is_live(now) {
        return Err(Error::new(ErrorCode::SessionEnded));
    }
    if !user.is_active {
        return Err(Error::new(ErrorCode::AccountDisabled));
    }
    user.check_ban(now)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(authorization: &[&'static str], cookie: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in authorization {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        if let Some(cookie) = cookie {
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn where_the_token_comes_from() {
        use CredentialKind::{Cookie, Header};
        let good = Some("access_token=c");
        type Row = (&'static [&'static str], Option<&'static str>, Option<(&'static str, CredentialKind)>);
        let rows: [Row; 10] = [
            (&[], None, None),
            (&[], Some("access_token="), None),
            (&[], Some("refresh_token=r"), None),
            (&[], good, Some(("c", Cookie))),
            (&["Bearer h"], None, Some(("h", Header))),
            (&["bearer h"], good, Some(("h", Header))),
            (&["Basic h"], good, Some(("", Header))),
            (&["Bearer"], good, Some(("", Header))),
            (&["h"], good, Some(("", Header))),
            (&["Bearer h", "Bearer i"], good, Some(("", Header))),
        ];
        for (authorization, cookie, expected) in rows {
            let found = credentials(&headers(authorization, cookie));
            let expected = expected.map(|(token, kind)| (token.to_owned(), kind));
            assert_eq!(found, expected, "{authorization:?} {cookie:?}");
        }
    }
}
