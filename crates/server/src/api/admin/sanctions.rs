//! `/api/v1/admin/users/{id}/sanctions/`: warnings, mutes, bans.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    List, UserId,
    sanctions::{CreateSanction, Sanction},
};
use http::StatusCode;
use uuid::Uuid;

use super::super::{
    page::{self, Paging},
    problems::Missing,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::{Json, Path, Query},
    ops,
};

/// What was imposed on somebody, the latest first: to staff.
#[utoipa::path(get, operation_id = "list_sanctions", path = "/api/v1/admin/users/{id}/sanctions/", tag = "admin", params(("id" = UserId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Sanction>), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Path(id): Path<UserId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Sanction>>> {
    let ask = paging.ask()?;
    ops::staff::check_staff(&caller.user)?;
    let db = app.db.read();
    let person = queries::users::find(db, id).await?.ok_or_else(Error::not_found)?;
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::sanctions::page(db, id, ask).await?;
    let ends = found.ends(|row| row.id);
    let makers = queries::summaries::of(db, found.rows.iter().map(|row| row.created_by)).await?;
    let shown = found.rows.into_iter().map(|row| {
        let maker = makers.get(&row.created_by).cloned();
        row.wire(person.summary(), maker)
    });
    let path = format!("/api/v1/admin/users/{id}/sanctions/");
    Ok(axum::Json(page::list(&client, &path, shown.collect(), ends, &parameters)))
}

/// Warns, mutes or bans somebody: staff; superusers alone do so to staff.
///
/// Who is muted may read, but writes nothing (403 `muted`). Who is banned is signed out everywhere, and can't sign in (403 `banned`). Both
/// errors say `until` when.
#[utoipa::path(post, operation_id = "impose_sanction", path = "/api/v1/admin/users/{id}/sanctions/", tag = "admin", params(("id" = UserId, Path)), request_body = CreateSanction, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Sanction), Missing))]
pub(super) async fn impose(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(body): Json<CreateSanction>,
) -> Result<(StatusCode, axum::Json<Sanction>)> {
    let sanction = ops::sanctions::impose(&app, &caller, id, &body).await?;
    Ok((StatusCode::CREATED, axum::Json(sanction)))
}

/// Lifts what was imposed: staff; superusers alone from staff.
#[utoipa::path(delete, operation_id = "lift_sanction", path = "/api/v1/admin/sanctions/{id}/", tag = "admin", params(("id" = Uuid, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn lift(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode> {
    ops::sanctions::lift(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
