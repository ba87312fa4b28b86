//! How a browser has to take a file that somebody has brought in.

use charla_db::tables::files;
use http::{HeaderMap, HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A page that a file turns out to be may load nothing and run nothing.
const POLICY: &str = "default-src 'none'; sandbox";
/// The bytes under an id never change. Who may see them does: after an hour the browser asks again.
const CACHE: &str = "private, max-age=3600, immutable";
/// `attr-char` of RFC 8187: what may stand in `filename*` as it is.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The file's name for caches. Its bytes never change, so its id will do.
pub(super) fn etag(file: &files::Model) -> String {
    format!("\"{}\"", file.id.simple())
}

/// Whether the caller has the file already (`If-None-Match`).
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
    })
}

/// Sets what every answer with the file, or a part of it, says.
pub(super) fn describe(headers: &mut HeaderMap, file: &files::Model, etag: &str) {
    let content_type = HeaderValue::from_str(&file.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, content_type);
    if let Ok(disposition) = HeaderValue::from_str(&disposition(file)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
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

/// Shown in place or saved, and under which name: plain for old clients, as it is for the others (RFC 6266).
fn disposition(file: &files::Model) -> String {
    let kind = if is_inline(&file.content_type) { "inline" } else { "attachment" };
    let plain: String = file.name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    match plain == file.name {
        true => format!("{kind}; filename=\"{plain}\""),
        false => {
            let exact = utf8_percent_encode(&file.name, ATTR_CHAR);
            format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
        }
    }
}

/// What no client takes for anything but itself, in quotes.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '(' | ')' | ',')
}

/// What can't carry a script: never HTML, SVG or XML.
fn is_inline(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, _) = essence.split_once('/').unwrap_or_default();
    matches!(kind, "audio" | "video")
        || matches!(
            essence.as_str(),
            "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "application/pdf"
        )
}

#[cfg(test)]
mod tests {
    use charla_db::tables::files::Purpose;
    use uuid::Uuid;

    use super::*;

    fn file(name: &str, content_type: &str) -> files::Model {
        files::Model {
            id: Uuid::from_u128(1),
            uploader_id: Uuid::nil(),
            purpose: Purpose::Attachment.as_str().to_owned(),
            message_id: None,
            position: 0,
            name: name.to_owned(),
            size: 1,
            content_type: content_type.to_owned(),
            width: None,
            height: None,
            thumbhash: None,
            created_at: 0,
        }
    }

    #[test]
    fn only_what_carries_no_script_is_shown_in_place() {
        for (content_type, inline) in [
            ("image/png", true),
            ("IMAGE/JPEG", true),
            ("image/webp", true),
            ("image/gif", true),
            ("audio/ogg; codecs=opus", true),
            ("video/mp4", true),
            ("application/pdf", true),
            ("image/svg+xml", false),
            ("text/html", false),
            ("text/plain", false),
            ("application/xhtml+xml", false),
            ("application/octet-stream", false),
            ("", false),
        ] {
            assert_eq!(is_inline(content_type), inline, "{content_type}");
        }
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("plan.pdf", "inline; filename=\"plan.pdf\""),
            ("año 1.pdf", "inline; filename=\"a_o 1.pdf\"; filename*=UTF-8''a%C3%B1o%201.pdf"),
            ("a\"b\\.pdf", "inline; filename=\"a_b_.pdf\"; filename*=UTF-8''a%22b%5C.pdf"),
            ("a\r\nX: y", "inline; filename=\"a__X_ y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
            ("100%.pdf", "inline; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ] {
            assert_eq!(disposition(&file(name, "application/pdf")), expected, "{name}");
        }
    }

    #[test]
    fn what_goes_with_every_file() {
        let mut headers = HeaderMap::new();
        let file = file("a.html", "text/html");
        describe(&mut headers, &file, &etag(&file));
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
        describe(&mut headers, &file("a", "text/\u{1}"), "\"a\"");
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
