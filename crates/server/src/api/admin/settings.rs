//! `/api/v1/admin/settings/`: what may change while the server runs.

use axum::extract::State;
use charla_protocol::admin::settings::{ServerSettings, UpdateServerSettings};

use crate::{App, auth::Caller, error::Result, extract::Json, ops::admin::settings};

/// What may change while the server runs, as it is in force: to staff.
#[utoipa::path(get, operation_id = "get_settings", path = "/api/v1/admin/settings/", tag = "admin", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = ServerSettings)))]
pub(super) async fn get(State(app): State<App>, caller: Caller) -> Result<axum::Json<ServerSettings>> {
    Ok(axum::Json(settings::get(&app, &caller).await?))
}

/// Changes it: superusers. In force at once on the node that answers, on the others within ten seconds.
#[utoipa::path(patch, operation_id = "update_settings", path = "/api/v1/admin/settings/", tag = "admin", request_body = UpdateServerSettings, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = ServerSettings)))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<UpdateServerSettings>,
) -> Result<axum::Json<ServerSettings>> {
    Ok(axum::Json(settings::update(&app, &caller, body).await?))
}
