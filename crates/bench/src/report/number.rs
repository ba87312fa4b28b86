//! How numbers are written.

/// Three places behind the point of small ones, none of large ones and of none at all, with commas between thousands.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() < 100.0 {
        return format!("{value:.3}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// As short as it can be: 2.5, 10, 10k, 10M.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{}M", rounded(value / 1e6)),
        size if size >= 1e3 => format!("{}k", rounded(value / 1e3)),
        _ => rounded(value),
    }
}

fn rounded(value: f64) -> String {
    let places = if value.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(0.123_45), "0.123");
        assert_eq!(number(1_234.5), "1,234");
        assert_eq!(number(-123_456.0), "-123,456");
        assert_eq!(number(100.0), "100");
        assert_eq!(short(0.85), "0.85");
        assert_eq!(short(10.0), "10");
        assert_eq!(short(19_000.0), "19k");
        assert_eq!(short(1_500_000.0), "1.5M");
    }
}
