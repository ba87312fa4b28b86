//! `/api/v1/chat/drafts/`.

use axum::{Json, extract::State};
use charla_db::queries;
use charla_protocol::{List, drafts::Draft};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{self, Paging};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::Query,
};

const PATH: &str = "/api/v1/chat/drafts/";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The caller's drafts in all rooms, the latest first.
#[utoipa::path(get, operation_id = "list_drafts", path = "/api/v1/chat/drafts/", tag = "rooms", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Draft>)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Draft>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let found = queries::drafts::page(app.db.read(), caller.id(), ask).await?;
    // What is stored has a time.
    let ends = found.ends(|draft| (draft.updated_at.map_or(0, |at| at.millis()), draft.room));
    Ok(Json(page::list(&client, PATH, found.rows, ends, &parameters)))
}
