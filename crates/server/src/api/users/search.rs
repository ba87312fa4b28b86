//! `GET /api/v1/users/`: finding people.

use axum::{Json, extract::State};
use charla_db::queries;
use charla_protocol::{ErrorCode, List, users::User};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{
    page,
    problems::{Refused, Rejected, Unauthenticated},
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, FieldError, Result},
    extract::Query,
    ops::users,
    text,
};

const PATH: &str = "/api/v1/users/";
/// Characters to search for: no name has more.
const MAX_SEARCH: usize = 100;
/// Results further down are nobody's to read, and cost the database dearly.
const MAX_OFFSET: u64 = 100_000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Part of the username or display name, or an exact id. Empty finds everybody.
    #[serde(default)]
    #[param(max_length = 100)]
    search: String,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page begins: taken from `next`.
    cursor: Option<String>,
}

/// People by username, display name or exact id; those that begin with it come first.
#[utoipa::path(get, operation_id = "search_users", path = "/api/v1/users/", tag = "users", params(Search),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<User>), Rejected, Unauthenticated, Refused))]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(query): Query<Search>,
) -> Result<Json<List<User>>> {
    let limit = page::limit(query.limit)?;
    let offset = page::read_cursor::<u64>(query.cursor.as_deref())?.unwrap_or_default();
    if offset > MAX_OFFSET {
        return Err(Error::new(ErrorCode::InvalidCursor));
    }
    let text = text::clean_line(&query.search);
    if text.chars().count() > MAX_SEARCH {
        return Err(Error::fields(vec![FieldError::new("search", "too_long").with("max", MAX_SEARCH)]));
    }
    let (rows, more) = queries::users::search(app.db.read(), &text, offset, limit).await?;
    let results = users::all_seen_by(&app, &caller.user, &rows).await?;
    let next = Some(offset + limit).filter(|next| more && *next <= MAX_OFFSET);
    let parameters = vec![("search", text), ("limit", limit.to_string())];
    Ok(Json(page::list(&client, PATH, results, next.as_ref(), parameters)))
}
