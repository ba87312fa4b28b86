//! `/api/v1/chat/replies/`.

use axum::extract::State;
use charla_db::queries;
use charla_protocol::{List, messages::Message};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{mentions, page::Paging};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::Result,
    extract::Query,
    wording::Worded,
};

const PATH: &str = "/api/v1/chat/replies/";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Others' messages that answer the caller's, in the rooms they are in, newest first.
#[utoipa::path(get, operation_id = "list_replies_to_me", path = "/api/v1/chat/replies/", tag = "messages", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Message>)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Worded<List<Message>>> {
    let ask = paging.ask()?;
    let limit = ask.limit;
    let found = queries::messages::answering(app.db.read(), caller.id(), ask).await?;
    mentions::answer(&app, &caller, &client, PATH, (found, limit)).await
}
