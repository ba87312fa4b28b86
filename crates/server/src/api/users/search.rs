//! `GET /api/v1/users/`: finding people.

use axum::{Json, extract::State};
use charla_db::queries;
use charla_protocol::{ErrorCode, List, users::User};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::page;
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::Query,
    ops::users,
};

const PATH: &str = "/api/v1/users/";
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
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// People by username, display name or exact id; those that begin with it come first. Nobody whom a block parts from the caller.
#[utoipa::path(get, operation_id = "search_users", path = "/api/v1/users/", tag = "users", params(Search),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<User>)))]
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
    let text = page::search_text(&query.search)?;
    let (rows, more) = queries::users::search(app.db.read(), Some(caller.id()), &text, offset, limit).await?;
    let results = users::all_seen_by(&app, &caller.user, &rows).await?;
    let at = |offset: u64| {
        let cursor = page::write_cursor(&offset);
        page::address(
            &client,
            PATH,
            &[("search", text.clone()), ("limit", limit.to_string()), ("cursor", cursor)],
        )
    };
    Ok(Json(List {
        results,
        next: Some(offset + limit).filter(|next| more && *next <= MAX_OFFSET).map(at),
        previous: (offset > 0).then(|| at(offset.saturating_sub(limit))),
    }))
}
