//! `/api/v1/bots/`: accounts that programs use.

mod tokens;

use axum::extract::State;
use charla_protocol::{
    List, UserId,
    bots::{Bot, CreateBot, UpdateBot},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problems::Missing;
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{Json, Path},
    ops,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::revoke))
}

/// The caller's bots, the latest made first: all on one page, as an account has at most 20.
#[utoipa::path(get, operation_id = "list_bots", path = "/api/v1/bots/", tag = "bots", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Bot>)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<List<Bot>>> {
    Ok(axum::Json(List::whole(ops::bots::list(&app, &caller).await?)))
}

/// Makes a bot of the caller's. It has no password, and gets in by its tokens.
#[utoipa::path(post, operation_id = "create_bot", path = "/api/v1/bots/", tag = "bots", request_body = CreateBot, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Bot)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateBot>,
) -> Result<(StatusCode, axum::Json<Bot>)> {
    Ok((StatusCode::CREATED, axum::Json(ops::bots::create(&app, &caller, &body).await?)))
}

/// One of the caller's bots; any for staff.
#[utoipa::path(get, operation_id = "get_bot", path = "/api/v1/bots/{id}/", tag = "bots", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Bot), Missing))]
async fn get(State(app): State<App>, caller: Caller, Path(id): Path<UserId>) -> Result<axum::Json<Bot>> {
    Ok(axum::Json(ops::bots::get(&app, &caller, id).await?))
}

/// Changes what a bot is called and says of itself: its owner, and staff.
#[utoipa::path(patch, operation_id = "update_bot", path = "/api/v1/bots/{id}/", tag = "bots", params(("id" = UserId, Path)), request_body = UpdateBot, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Bot), Missing))]
async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(body): Json<UpdateBot>,
) -> Result<axum::Json<Bot>> {
    Ok(axum::Json(ops::bots::update(&app, &caller, id, &body).await?))
}

/// Deletes a bot: its owner, and staff. Its messages stay, its tokens die at once.
#[utoipa::path(delete, operation_id = "delete_bot", path = "/api/v1/bots/{id}/", tag = "bots", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
async fn delete(State(app): State<App>, caller: Caller, Path(id): Path<UserId>) -> Result<StatusCode> {
    ops::bots::delete(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
