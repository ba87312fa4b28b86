//! Which bytes of a file a request wants (RFC 9110, section 14).

use std::ops::Range;

use http::{HeaderMap, header};

/// What to send of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// Not empty, and within the file.
    Part(Range<u64>),
    /// Nothing of what was asked for is there.
    Nothing,
}

/// Reads the `Range` of a request for a file of `size` bytes. It is ignored where it is in another unit, malformed, asks for
/// several ranges, or where `If-Range` names another version of the file.
pub(super) fn wanted(headers: &HeaderMap, size: u64, etag: &str) -> Wanted {
    let same = headers.get(header::IF_RANGE).is_none_or(|known| known.as_bytes() == etag.as_bytes());
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    text.filter(|_| same).and_then(|text| parse(text, size)).unwrap_or(Wanted::Whole)
}

fn parse(text: &str, size: u64) -> Option<Wanted> {
    let (first, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.trim(), last.trim()) {
        ("", length) => size.saturating_sub(number(length)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some(if range.is_empty() { Wanted::Nothing } else { Wanted::Part(range) })
}

/// Digits alone: `parse` would take a sign too.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const ETAG: &str = "\"a\"";

    fn asked(range: &'static str, if_range: Option<&'static str>, size: u64) -> Wanted {
        let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        if let Some(known) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_static(known));
        }
        wanted(&headers, size, ETAG)
    }

    #[test]
    fn ranges() {
        use Wanted::{Nothing, Part, Whole};
        let rows = [
            ("bytes=0-0", Part(0..1)),
            ("bytes=0-9", Part(0..10)),
            ("bytes=2-5", Part(2..6)),
            ("bytes=2-500", Part(2..10)),
            ("bytes=9-18446744073709551615", Part(9..10)),
            ("bytes=4-", Part(4..10)),
            ("bytes=-3", Part(7..10)),
            ("bytes=-30", Part(0..10)),
            ("bytes=10-", Nothing),
            ("bytes=10-12", Nothing),
            ("bytes=-0", Nothing),
            ("bytes=5-2", Whole),
            ("bytes=0-1,4-5", Whole),
            ("bytes=+1-2", Whole),
            ("bytes=-", Whole),
            ("bytes=a-b", Whole),
            ("bytes=99999999999999999999-", Whole),
            ("lines=1-2", Whole),
        ];
        for (range, expected) in rows {
            assert_eq!(asked(range, None, 10), expected, "{range}");
        }
        assert_eq!(asked("bytes=0-", None, 0), Nothing);
        assert_eq!(wanted(&HeaderMap::new(), 10, ETAG), Whole);
    }

    #[test]
    fn a_part_of_another_version_is_not_wanted() {
        assert_eq!(asked("bytes=1-2", Some(ETAG), 10), Wanted::Part(1..3));
        assert_eq!(asked("bytes=1-2", Some("\"b\""), 10), Wanted::Whole);
    }
}
