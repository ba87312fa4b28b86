//! `/api/v1/chat/messages/`.

mod change;
mod list;
mod react;
mod reader;
mod search;
mod send;

use charla_db::{queries::reactions, tables::users::Receipts};
use charla_protocol::messages::Message;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, auth::Caller, error::Result};

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
async fn seen_by(app: &App, caller: &Caller, mut message: Message) -> Result<Message> {
    if caller.user.receipts() == Receipts::Kept {
        message.read_by_count = 0;
    }
    if !message.reactions.is_empty() {
        let own = reactions::own(app.db.read(), &[message.id.0], caller.id()).await?;
        for reaction in &mut message.reactions {
            reaction.me = Some(own.contains(&(message.id.0, reaction.emoji.clone())));
        }
    }
    Ok(message)
}
