//! The page that a problem's `type` leads to: every code with its status and meaning, in the reader's language.

use axum::{Extension, response::Response};
use charla_db::html::escape;
use charla_protocol::ErrorCode;

use super::page;
use crate::{
    auth::RequestLanguage,
    i18n::{self, Args},
};

pub(super) async fn show(Extension(language): Extension<RequestLanguage>) -> Response {
    let language = language.get();
    let say = |key: &str| escape(&i18n::text(language, key, &Args::new()));
    page::respond(language, &say("errors-title"), &body(&say))
}

fn body(say: &impl Fn(&str) -> String) -> String {
    let entries: String = ErrorCode::ALL.into_iter().map(|code| entry(code, say)).collect();
    format!("<h1>{}</h1>\n<p>{}</p>\n<dl>\n{entries}</dl>", say("errors-title"), say("errors-intro"))
}

fn entry(code: ErrorCode, say: &impl Fn(&str) -> String) -> String {
    let (name, status, key) = (code.as_str(), code.status(), i18n::code_key(code));
    let (title, meaning) = (say(&format!("title-{key}")), say(&format!("meaning-{key}")));
    format!(
        "<div id=\"{name}\"><dt><a href=\"#{name}\"><code>{name}</code></a> <b>{status}</b> {title}</dt><dd>{meaning}</dd></div>\n"
    )
}
