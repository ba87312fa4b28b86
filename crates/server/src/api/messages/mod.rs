//! `/api/v1/chat/messages/`.

mod change;
mod list;
mod reader;
mod send;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, send::send))
        .routes(routes!(send::mark_read))
        .routes(routes!(list::get, change::replace, change::edit, change::delete))
        .routes(routes!(list::replies))
        .routes(routes!(list::reads))
        .routes(routes!(list::history))
}
