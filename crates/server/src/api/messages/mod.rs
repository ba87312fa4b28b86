//! `/api/v1/chat/messages/`.

mod change;
mod list;
mod react;
mod reader;
mod search;
mod send;

use charla_db::queries::assemble;
use charla_protocol::messages::Message;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, send::send))
        .routes(routes!(send::mark_read))
        .routes(routes!(search::search))
        .routes(routes!(list::get, change::replace, change::edit, change::delete))
        .routes(routes!(react::react, react::unreact))
        .routes(routes!(list::replies))
        .routes(routes!(list::reads))
        .routes(routes!(list::history))
}

/// A message that was put together for everybody, as the caller sees it.
async fn seen_by(app: &App, caller: &Caller, message: Message) -> Result<Message> {
    let seen = assemble::for_viewers(app.db.read(), vec![(message, caller.user.viewer())]).await?;
    seen.into_iter().next().ok_or_else(Error::not_found)
}
