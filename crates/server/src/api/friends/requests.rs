//! `friends/requests/`: asking for friendship, and answering.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{
    FriendRequestId, List,
    friends::{FriendRequest, FriendRequestOutcome, RequestDirection, RequestFriendship},
    users::User,
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{
    page,
    problems::{Missing, TooOften},
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{Json, Path, Query},
    ops,
};

const PATH: &str = "/api/v1/friends/requests/";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Requests to the caller, or from them.
    #[serde(default)]
    #[param(inline, default = "incoming")]
    direction: RequestDirection,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// Requests that have not been answered yet, the newest first.
#[utoipa::path(get, operation_id = "list_friend_requests", path = "/api/v1/friends/requests/", tag = "friends", params(Which), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<FriendRequest>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(which): Query<Which>,
) -> Result<axum::Json<List<FriendRequest>>> {
    let ask = page::ask(which.limit, which.cursor.as_deref())?;
    let direction = which.direction;
    let parameters = [("direction", direction.as_str().to_owned()), ("limit", ask.limit.to_string())];
    let found = queries::friend_requests::page(app.db.read(), &caller.user, direction, ask).await?;
    let ends = found.ends(|request| request.id);
    Ok(axum::Json(page::list(&client, PATH, found.rows, ends, &parameters)))
}

/// Asks somebody for friendship: 201 for a new request; 200 where there was one, where the two are friends, and where the
/// other had asked too, which makes them friends.
#[utoipa::path(post, operation_id = "request_friendship", path = "/api/v1/friends/requests/", tag = "friends", request_body = RequestFriendship, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = FriendRequestOutcome, description = "There was one, or they are friends"),
        (status = 201, body = FriendRequestOutcome, description = "Asked"), Missing, TooOften))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<RequestFriendship>,
) -> Result<(StatusCode, axum::Json<FriendRequestOutcome>)> {
    let (outcome, is_new) = ops::friends::request(&app, &caller.user, body.user_id).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(outcome)))
}

/// Accepts a request to the caller; answers the new friend.
#[utoipa::path(post, operation_id = "accept_friend_request", path = "/api/v1/friends/requests/{id}/accept/", tag = "friends", params(("id" = FriendRequestId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = User), Missing))]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Result<axum::Json<User>> {
    Ok(axum::Json(ops::friends::accept(&app, &caller.user, id).await?))
}

/// Declines a request to the caller.
#[utoipa::path(post, operation_id = "decline_friend_request", path = "/api/v1/friends/requests/{id}/decline/", tag = "friends", params(("id" = FriendRequestId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn decline(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Result<StatusCode> {
    ops::friends::take_away(&app, caller.id(), id, RequestDirection::Incoming).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cancels a request of the caller.
#[utoipa::path(post, operation_id = "cancel_friend_request", path = "/api/v1/friends/requests/{id}/cancel/", tag = "friends", params(("id" = FriendRequestId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FriendRequestId>,
) -> Result<StatusCode> {
    ops::friends::take_away(&app, caller.id(), id, RequestDirection::Outgoing).await?;
    Ok(StatusCode::NO_CONTENT)
}
