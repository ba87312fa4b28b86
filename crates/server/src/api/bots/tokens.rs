//! `/api/v1/bots/{id}/tokens/`: what bots get in by.

use axum::extract::State;
use charla_protocol::{
    SessionId, UserId,
    bots::{CreateBotToken, NewBotToken},
};
use http::StatusCode;
use serde::Deserialize;

use super::super::problems::Missing;
use crate::{
    App,
    auth::Caller,
    error::Result,
    extract::{Json, Path},
    ops,
};

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct TokenPath {
    id: UserId,
    token_id: SessionId,
}

/// Makes a token for one of the caller's bots. It is shown in this answer alone; the server keeps a hash.
///
/// It is good for `Authorization: Bearer` and both WebSocket doors, without an end, for what its scopes permit; all else is 403
/// `missing_scope`.
#[utoipa::path(post, operation_id = "create_bot_token", path = "/api/v1/bots/{id}/tokens/", tag = "bots", params(("id" = UserId, Path)), request_body = CreateBotToken, security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = NewBotToken), Missing))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(body): Json<CreateBotToken>,
) -> Result<(StatusCode, axum::Json<NewBotToken>)> {
    let made = ops::bots::create_token(&app, &caller, id, &body).await?;
    Ok((StatusCode::CREATED, axum::Json(made)))
}

/// Takes a token back: the bot's owner, and staff. It is worth nothing from then on, and its sockets close.
#[utoipa::path(delete, operation_id = "revoke_bot_token", path = "/api/v1/bots/{id}/tokens/{token_id}/", tag = "bots", params(("id" = UserId, Path), ("token_id" = SessionId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<TokenPath>,
) -> Result<StatusCode> {
    ops::bots::revoke_token(&app, &caller, path.id, path.token_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
