//! The manual of the WebSocket doors, as it stands in the repository. In English, as all that is written for programmers.

use std::sync::LazyLock;

use axum::response::Response;
use charla_protocol::users::Language;
use pulldown_cmark::{Options, Parser, html};

use super::page;

static BODY: LazyLock<String> = LazyLock::new(|| {
    let manual = include_str!("../../../../../docs/realtime.md");
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(manual, Options::ENABLE_TABLES));
    body
});

pub(super) async fn show() -> Response {
    page::respond(Language::En, "The WebSocket doors", &BODY)
}
