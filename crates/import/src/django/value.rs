//! What a text of a database means.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A time as the databases write it, `2024-05-01 10:00:00.123456+00`, in milliseconds. Without an offset it is in UTC, as Django keeps
/// it.
pub(super) fn millis(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return number(seconds);
    }
    let mut text = text.replacen(' ', "T", 1);
    if text.len() == "2024-05-01".len() {
        text.push_str("T00:00:00");
    }
    let offset = text.get(19..)?.find(['+', '-']).map(|at| at + 19);
    match offset {
        Some(at) if text.len() - at == 3 => text.push_str(":00"),
        None if !text.ends_with(['Z', 'z']) => text.push('Z'),
        _ => {}
    }
    let time = OffsetDateTime::parse(&text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Seconds since 1970, or milliseconds where they are too many to be that.
fn number(value: f64) -> Option<i64> {
    const SECONDS: f64 = 1e11;
    if !value.is_finite() || value <= 0.0 {
        return None;
    }
    let millis = if value < SECONDS { value * 1000.0 } else { value };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time in milliseconds is far below what 53 bits hold"
    )]
    let millis = millis as i64;
    Some(millis)
}

pub(super) fn is_true(text: Option<&str>) -> bool {
    matches!(text, Some("1" | "t" | "true" | "True" | "TRUE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, expected) in [
            ("2024-05-01 10:00:00.123456+00", Some(1_714_557_600_123)),
            ("2024-05-01 10:00:00.123456", Some(1_714_557_600_123)),
            ("2024-05-01 10:00:00", Some(1_714_557_600_000)),
            ("2024-05-01 12:00:00+02", Some(1_714_557_600_000)),
            ("2024-05-01 12:00:00+02:00", Some(1_714_557_600_000)),
            ("2024-05-01 04:30:00-05:30", Some(1_714_557_600_000)),
            ("2024-05-01T10:00:00Z", Some(1_714_557_600_000)),
            ("2024-05-01", Some(1_714_521_600_000)),
            ("1714557600.5", Some(1_714_557_600_500)),
            ("1714557600500", Some(1_714_557_600_500)),
            ("", None),
            ("yesterday", None),
            ("2024-13-01 10:00:00", None),
            ("-5", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
    }

    #[test]
    fn truth() {
        for text in ["1", "t", "true"] {
            assert!(is_true(Some(text)));
        }
        for text in [Some("0"), Some("f"), Some("false"), Some(""), None] {
            assert!(!is_true(text));
        }
    }
}
