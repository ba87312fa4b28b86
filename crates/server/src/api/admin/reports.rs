//! `/api/v1/admin/reports/`: what people have reported.

use axum::extract::State;
use charla_db::{
    queries::{self, paging::Page},
    tables::reports::Model,
};
use charla_protocol::{
    List, UserId,
    reports::{Report, ReportState, ResolveReport},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::{
    page,
    problems::{Conflicting, Missing},
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::{Json, Path, Query},
    ops,
};

const PATH: &str = "/api/v1/admin/reports/";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    #[serde(default)]
    #[param(inline)]
    state: ReportState,
    /// Of this person alone, or of what they have written.
    user: Option<UserId>,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// What people have reported, the latest first: to staff.
#[utoipa::path(get, operation_id = "list_reports", path = "/api/v1/admin/reports/", tag = "admin", params(Asked), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Report>), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<List<Report>>> {
    let ask = page::ask::<Uuid>(asked.limit, asked.cursor.as_deref())?;
    ops::staff::check_staff(&caller.user)?;
    let mut parameters = vec![("limit", ask.limit.to_string()), ("state", asked.state.as_str().to_owned())];
    if let Some(user) = asked.user {
        queries::users::find(app.db.read(), user).await?.ok_or_else(Error::not_found)?;
        parameters.push(("user", user.to_string()));
    }
    let found = queries::reports::page(app.db.read(), asked.state, asked.user, ask).await?;
    let ends = found.ends(|report| report.id);
    Ok(axum::Json(page::list(&client, PATH, shown(&app, found).await?, ends, &parameters)))
}

async fn shown(app: &App, found: Page<Model>) -> Result<Vec<Report>> {
    let people = queries::summaries::of(app.db.read(), found.rows.iter().flat_map(Model::people)).await?;
    Ok(found.rows.into_iter().filter_map(|row| row.wire(&people)).collect())
}

/// Notes what came of a report: staff. What the message said is kept no longer.
#[utoipa::path(patch, operation_id = "resolve_report", path = "/api/v1/admin/reports/{id}/", tag = "admin", params(("id" = Uuid, Path)), request_body = ResolveReport, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Report), Missing, Conflicting))]
pub(super) async fn resolve(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(body): Json<ResolveReport>,
) -> Result<axum::Json<Report>> {
    Ok(axum::Json(ops::reports::resolve(&app, &caller, id, &body).await?))
}
