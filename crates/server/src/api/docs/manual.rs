//! The manuals as they stand in the repository. In English, as all that is written for programmers.

use std::sync::LazyLock;

use axum::response::Response;
use charla_protocol::users::Language;
use pulldown_cmark::{Options, Parser, html};

use super::page;

static REALTIME: LazyLock<String> = LazyLock::new(|| body(include_str!("../../../../../docs/realtime.md")));
static SEARCH: LazyLock<String> = LazyLock::new(|| body(include_str!("../../../../../docs/search.md")));

fn body(manual: &str) -> String {
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(manual, Options::ENABLE_TABLES));
    body
}

/// How to use the WebSocket doors.
pub(super) async fn realtime() -> Response {
    page::respond(Language::En, "The WebSocket doors", &REALTIME)
}

/// What can be typed to search messages.
pub(super) async fn search() -> Response {
    page::respond(Language::En, "Searching messages", &SEARCH)
}
