//! `/api/v1/auth/sessions/`: signed-in devices.

use axum::{Json, extract::State};
use axum_extra::extract::CookieJar;
use charla_db::{queries, tables::sessions};
use charla_protocol::{List, SessionId, Timestamp, auth::Session};
use http::StatusCode;

use super::super::problems::Missing;
use crate::{
    App,
    auth::{Caller, ClientInfo, cookies},
    error::Result,
    extract::Path,
    ops,
};

/// The caller's sessions that have not ended, the latest used first: all on one page, as an account has at most 100.
#[utoipa::path(get, operation_id = "list_sessions", path = "/api/v1/auth/sessions/", tag = "auth", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Session>)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Session>>> {
    let rows = queries::sessions::live_of_user(app.db.read(), caller.id(), app.clock.now()).await?;
    Ok(Json(List::whole(rows.into_iter().map(|row| wire(row, caller.session)).collect())))
}

/// Ends one of the caller's sessions: its tokens die at once, its sockets close.
#[utoipa::path(delete, operation_id = "end_session", path = "/api/v1/auth/sessions/{id}/", tag = "auth", params(("id" = SessionId, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Ended",
        headers((
            "Set-Cookie" = String,
            description = "Takes both cookies away, a line each, where it was the session that called"
        ))), Missing))]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Path(id): Path<SessionId>,
) -> Result<(StatusCode, CookieJar)> {
    ops::sessions::end_session(&app, caller.id(), id).await?;
    let is_own = id == caller.session;
    let jar = if is_own { cookies::signed_out(client.is_https) } else { CookieJar::new() };
    Ok((StatusCode::NO_CONTENT, jar))
}

fn wire(row: sessions::Model, current: SessionId) -> Session {
    Session {
        id: SessionId(row.id),
        is_current: row.id == current.0,
        user_agent: row.user_agent,
        ip_address: row.ip_address,
        created_at: Timestamp::from_millis(row.created_at),
        last_used_at: Timestamp::from_millis(row.last_used_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    }
}
