//! `friends/`: who is friends with the caller.

use axum::{Json, extract::State};
use charla_db::queries::{self, paging::Seek};
use charla_protocol::{List, UserId, users::User};
use http::StatusCode;

use super::super::{
    page::{self, Paging},
    problems::Missing,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::{Path, Query},
    ops,
};

const PATH: &str = "/api/v1/friends/";

/// The caller's friends, by username.
#[utoipa::path(get, operation_id = "list_friends", path = "/api/v1/friends/", tag = "friends", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<User>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<User>>> {
    let ask = paging.ask::<String>()?;
    if let Seek::After(name) | Seek::Before(name) = &ask.seek {
        page::check_position(name)?;
    }
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::friendships::page(app.db.read(), caller.id(), ask).await?;
    let ends = found.ends(|friend| friend.username_key.clone());
    let friends = ops::users::all_seen_by(&app, &caller.user, &found.rows).await?;
    Ok(Json(page::list(&client, PATH, friends, ends, &parameters)))
}

/// Ends a friendship.
#[utoipa::path(delete, operation_id = "end_friendship", path = "/api/v1/friends/{user_id}/", tag = "friends", params(("user_id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(friend): Path<UserId>,
) -> Result<StatusCode> {
    ops::friends::end(&app, caller.id(), friend).await?;
    Ok(StatusCode::NO_CONTENT)
}
