//! `/api/v1/blocks/`.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    List, UserId,
    blocks::{Block, BlockUser},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    page::{self, Paging},
    problems::{Missing, TooOften},
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{Json, Path, Query},
    ops,
};

const PATH: &str = "/api/v1/blocks/";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// Whom the caller has blocked, the latest first.
#[utoipa::path(get, operation_id = "list_blocks", path = "/api/v1/blocks/", tag = "friends", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Block>)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Block>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::blocks::page(app.db.read(), caller.id(), ask).await?;
    let ends = found.ends(|block| (block.created_at.millis(), block.user.id));
    Ok(axum::Json(page::list(&client, PATH, found.rows, ends, &parameters)))
}

/// Blocks somebody: 201, or 200 where they were blocked already. Ends the friendship and the requests between the two;
/// direct messages, requests, search and presence stop both ways.
#[utoipa::path(post, operation_id = "block_user", path = "/api/v1/blocks/", tag = "friends", request_body = BlockUser, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Block, description = "They were blocked already"), (status = 201, body = Block, description = "Blocked"), Missing, TooOften))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<BlockUser>,
) -> Result<(StatusCode, axum::Json<Block>)> {
    let (block, is_new) = ops::blocks::block(&app, caller.id(), body.user_id).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(block)))
}

/// Lifts a block.
#[utoipa::path(delete, operation_id = "unblock_user", path = "/api/v1/blocks/{user_id}/", tag = "friends", params(("user_id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
async fn delete(State(app): State<App>, caller: Caller, Path(blocked): Path<UserId>) -> Result<StatusCode> {
    ops::blocks::unblock(&app, caller.id(), blocked).await?;
    Ok(StatusCode::NO_CONTENT)
}
