//! `/api/v1/chat/online-status/`.

use axum::{Json, extract::State};
use charla_db::{queries, tables::users};
use charla_protocol::presence::{OnlineStatus, OnlineStatuses};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, auth::Caller, error::Result};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(mine))
}

/// Whether friends and the people of the caller's direct rooms are online, as far as both sides show it.
#[utoipa::path(get, operation_id = "list_online_statuses", path = "/api/v1/chat/online-status/", tag = "presence", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = OnlineStatuses)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<OnlineStatuses>> {
    let near = queries::presence::near(app.db.read(), &[caller.id()]).await?;
    let shown = |user: &users::Model| caller.user.show_last_seen && user.show_last_seen;
    let results = near.iter().map(|near| status(&app, &near.person, shown(&near.person))).collect();
    Ok(Json(OnlineStatuses { results }))
}

/// The caller's own status.
#[utoipa::path(get, operation_id = "get_my_status", path = "/api/v1/chat/online-status/my_status/", tag = "presence", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = OnlineStatus)))]
async fn mine(State(app): State<App>, caller: Caller) -> Json<OnlineStatus> {
    Json(status(&app, &caller.user, true))
}

fn status(app: &App, user: &users::Model, shown: bool) -> OnlineStatus {
    OnlineStatus {
        user: user.summary(),
        is_online: shown && app.presence.is_online(user.user_id()),
        last_seen: user.last_seen().filter(|_| shown),
    }
}
