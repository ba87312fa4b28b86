//! What people bring in: received, recognised, cleaned of what it says beside itself, and made smaller for lists.
//!
//! Nothing here trusts a name or a header, nothing holds more than a picture in memory, and what reads a file's inside does so
//! off the async threads, a few at a time, within bounds.

mod inspect;
mod length;
mod multipart;
mod name;
mod picture;
mod receive;
mod scrub;
mod seats;
mod sniff;
mod workshop;

pub use inspect::{Copied, Inspected};
pub use name::kept as kept_name;
pub use picture::{Avatar, LIMITS, placeholder};
pub use receive::{Received, Receiving, receive};
pub use seats::{Seat, Seats};
pub use workshop::Workshop;

use charla_db::tables::files::{self, Copy};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::storage::Label;

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

/// How a browser has to take a copy of a file. None where there is no such copy.
pub fn label(file: &files::Model, copy: Copy) -> Option<Label> {
    let (_, content_type) = file.copy(copy)?;
    Some(Label { content_type: content_type.to_owned(), disposition: disposition(&file.name, content_type) })
}

/// Shown in place or saved, and under which name: plain for old clients, as it is for the others (RFC 6266).
fn disposition(name: &str, content_type: &str) -> String {
    let kind = if is_inline(content_type) { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    match plain == name {
        true => format!("{kind}; filename=\"{plain}\""),
        false => {
            let exact = utf8_percent_encode(name, ATTR_CHAR);
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
    use super::*;

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
            ("image/heic", false),
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
            assert_eq!(disposition(name, "application/pdf"), expected, "{name}");
        }
    }
}
