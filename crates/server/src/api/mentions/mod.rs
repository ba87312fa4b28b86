//! `/api/v1/chat/mentions/`.

use axum::extract::State;
use charla_db::{
    queries::{self, paging::Page},
    tables::messages,
};
use charla_protocol::{List, messages::Message};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{self, Paging};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::Query,
    wording::Worded,
};

const PATH: &str = "/api/v1/chat/mentions/";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Others' messages that mention the caller, by name or with everybody in the room, newest first.
#[utoipa::path(get, operation_id = "list_mentions", path = "/api/v1/chat/mentions/", tag = "messages", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Message>)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Worded<List<Message>>> {
    let ask = paging.ask()?;
    let limit = ask.limit;
    let found = queries::messages::mentioning(app.db.read(), caller.id(), ask).await?;
    answer(&app, &caller, &client, PATH, (found, limit)).await
}

/// The page of messages that was found with that limit, as the caller sees them.
pub(super) async fn answer(
    app: &App,
    caller: &Caller,
    client: &ClientInfo,
    path: &str,
    (found, limit): (Page<messages::Model>, u64),
) -> Result<Worded<List<Message>>> {
    let parameters = [("limit", limit.to_string())];
    let ends = found.ends(messages::Model::message_id);
    let messages = queries::assemble::messages(app.db.read(), found.rows, caller.user.viewer()).await?;
    Ok(Worded(page::list(client, path, messages, ends, &parameters)))
}
