//! What people type: cleaned, and rendered as HTML that is safe to insert as it is.

mod inline;
mod markdown;
mod names;
mod rendering;

use std::borrow::Cow;

pub use markdown::{Rendered, render};
pub use names::{Names, names_in};
pub use rendering::Renderer;

/// Drops control characters other than tab and line feed, and makes every line end a line feed.
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))
        .filter(|c| !is_noncharacter(*c))
        .collect()
}

/// The same for what stands on one line: a name, say. White space around it goes, and what turns the direction of the
/// text that follows.
pub fn clean_line(text: &str) -> String {
    let seen: String =
        text.chars().filter(|c| !c.is_control() && !is_noncharacter(*c) && !turns_direction(*c)).collect();
    seen.trim().to_owned()
}

/// The explicit directional marks of <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Code points that never stand for a character: <https://www.unicode.org/faq/private_use.html#nonchar1>.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// Whether nothing of it would be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{2800}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{180E}' | '\u{FEFF}' | '\u{00AD}')
    })
}

/// The one emoji that the text is, in its fully qualified form (<https://www.unicode.org/reports/tr51/#Emoji_Variation_Sequences>).
pub fn emoji(text: &str) -> Option<&'static str> {
    emojis::get(text).or_else(|| emojis::get(&format!("{text}\u{FE0F}"))).map(emojis::Emoji::as_str)
}

/// A name as it may stand in an address: lower-case letters and digits, joined by `-`.
pub fn slug(name: &str) -> String {
    let folded: Cow<'_, str> = charla_db::fold::search_key(name).into();
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let slug: String = words.join("-").chars().take(100).collect();
    if slug.is_empty() { "room".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go() {
        assert_eq!(clean("a\u{0}b\tc\r\nd\u{7}\u{FFFE}"), "ab\tc\nd");
        assert_eq!(clean_line("  a\nb\u{0}  "), "ab");
        assert_eq!(clean_line("\u{202E}nimda\u{202C}"), "nimda");
        assert!(is_blank(" \n\u{200B}"));
        assert!(!is_blank(" . "));
    }

    #[test]
    fn one_emoji_in_one_form() {
        for (text, expected) in [
            ("👍", Some("👍")),
            ("👍🏽", Some("👍🏽")),
            ("❤️", Some("❤️")),
            ("❤", Some("❤️")),
            ("👩‍👩‍👧", Some("👩‍👩‍👧")),
            ("🇪🇸", Some("🇪🇸")),
            ("👍👍", None),
            ("a", None),
            ("", None),
            ("👍 ", None),
            ("<b>", None),
        ] {
            assert_eq!(emoji(text), expected, "{text}");
        }
    }

    #[test]
    fn slugs() {
        assert_eq!(slug("Café & Té"), "cafe-te");
        assert_eq!(slug("!!!"), "room");
    }
}
