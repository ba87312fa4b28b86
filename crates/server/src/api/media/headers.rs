//! How a browser has to take a file that somebody has brought in.

use axum::response::{IntoResponse, Response};
use charla_db::tables::files::{self, Copy};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

use crate::{
    error::{Error, Result},
    files::label,
};

/// A page that a file turns out to be may load nothing and run nothing.
const POLICY: &str = "default-src 'none'; sandbox";
/// The bytes under an id never change. Who may see them does: after an hour the browser asks again.
const CACHE: &str = "private, max-age=3600, immutable";
/// The file's name for caches. Its bytes never change, so its id will do.
pub(super) fn etag(file: &files::Model, copy: Copy) -> String {
    let copy = match copy {
        Copy::Whole => "",
        Copy::Small => "-small",
        Copy::Large => "-large",
    };
    format!("\"{}{copy}\"", file.id.simple())
}

/// Whether the caller has the file already (`If-None-Match`).
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
    })
}

/// Sets what every answer with the file, or a part of it, says.
pub(super) fn describe(headers: &mut HeaderMap, file: &files::Model, copy: Copy, etag: &str) {
    let label = label(file, copy);
    let content_type = label.as_ref().and_then(|label| HeaderValue::from_str(&label.content_type).ok());
    let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, content_type);
    let disposition = label.and_then(|label| HeaderValue::from_str(&label.disposition).ok());
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, CACHE),
        (header::ACCEPT_RANGES, "bytes"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Sends the caller to where the bytes are. The link is good for a minute, and so is the answer.
pub(super) fn elsewhere(link: &Url) -> Result<Response> {
    let mut response = StatusCode::FOUND.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, HeaderValue::from_str(link.as_str()).map_err(Error::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=30"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use charla_db::tables::files::Purpose;
    use uuid::Uuid;

    use super::*;

    fn file(name: &str, content_type: &str) -> files::Model {
        let blank = files::Model::blank(Uuid::from_u128(1), Uuid::nil(), Purpose::Attachment, 0);
        files::Model { name: name.to_owned(), content_type: content_type.to_owned(), size: 1, ..blank }
    }

    #[test]
    fn what_goes_with_every_file() {
        let mut headers = HeaderMap::new();
        let file = file("a.html", "text/html");
        describe(&mut headers, &file, Copy::Whole, &etag(&file, Copy::Whole));
        for (name, expected) in [
            ("content-type", "text/html"),
            ("content-disposition", "attachment; filename=\"a.html\""),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cache-control", "private, max-age=3600, immutable"),
            ("accept-ranges", "bytes"),
            ("etag", "\"00000000000000000000000000000001\""),
        ] {
            assert_eq!(headers[name], expected, "{name}");
        }
    }

    #[test]
    fn a_type_that_is_no_header_is_bytes() {
        let mut headers = HeaderMap::new();
        describe(&mut headers, &file("a", "text/\u{1}"), Copy::Whole, "\"a\"");
        assert_eq!(headers["content-type"], "application/octet-stream");
    }

    #[test]
    fn what_the_caller_has_is_known() {
        for (value, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            assert_eq!(is_known(&headers, "\"a\""), expected, "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
