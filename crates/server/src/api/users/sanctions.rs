//! `/api/v1/users/me/sanctions/`: what staff have imposed on the caller.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{List, sanctions::Sanction};

use super::super::page::{self, Paging};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::Query,
};

const PATH: &str = "/api/v1/users/me/sanctions/";

/// Warnings, mutes and bans of the caller, the latest first.
#[utoipa::path(get, operation_id = "list_own_sanctions", path = "/api/v1/users/me/sanctions/", tag = "users", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Sanction>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Sanction>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::sanctions::page(app.db.read(), caller.id(), ask).await?;
    let ends = found.ends(|row| row.id);
    let shown = found.rows.into_iter().map(|row| row.wire(caller.user.summary(), None));
    Ok(axum::Json(page::list(&client, PATH, shown.collect(), ends, &parameters)))
}
