//! The page that a problem's `type` leads to: every code with its status and meaning, in the reader's language.

use std::sync::LazyLock;

use axum::{
    Extension,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use charla_protocol::{ErrorCode, users::Language};
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::{
    auth::RequestLanguage,
    i18n::{self, Args},
};

const STYLE: &str = include_str!("errors.css");

/// The page needs nothing but the style inside it, known by its hash.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

pub(super) async fn page(Extension(language): Extension<RequestLanguage>) -> Response {
    let language = language.get();
    let mut response = Html(html(language)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

fn html(language: Language) -> String {
    let say = |key: &str| escape(&i18n::text(language, key, &Args::new()));
    let entries: String = ErrorCode::ALL.into_iter().map(|code| entry(code, &say)).collect();
    format!(
        r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Charla</title>
<link rel="icon" href="/mark.svg" type="image/svg+xml">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{intro}</p>
<dl>
{entries}</dl>
</main>
</body>
</html>
"#,
        lang = language.as_str(),
        title = say("errors-title"),
        intro = say("errors-intro"),
    )
}

fn entry(code: ErrorCode, say: &impl Fn(&str) -> String) -> String {
    let (name, status, key) = (code.as_str(), code.status(), i18n::code_key(code));
    let (title, meaning) = (say(&format!("title-{key}")), say(&format!("meaning-{key}")));
    format!(
        "<div id=\"{name}\"><dt><a href=\"#{name}\"><code>{name}</code></a> <b>{status}</b> {title}</dt><dd>{meaning}</dd></div>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
