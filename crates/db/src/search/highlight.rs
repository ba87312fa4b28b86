//! What is shown of a message that was found: a piece of it, as HTML, with the hits marked.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::html::escape_into;

/// Characters that are shown, about.
const SHOWN: usize = 200;
/// Characters that are shown before the first hit, at most.
const BEFORE: usize = 50;

/// Escapes a piece of the text around the first of the `places`, and marks those that lie in it. Safe to insert as it is.
pub(super) fn highlight(text: &str, places: &[Range<usize>]) -> String {
    let shown = piece(text, places.first().map_or(0, |place| place.start));
    let mut html = String::with_capacity(shown.len() + 64);
    if shown.start > 0 {
        html.push('…');
    }
    let mut at = shown.start;
    for place in joined(text, places) {
        let (start, end) = (place.start.clamp(at, shown.end), place.end.clamp(at, shown.end));
        if start < end {
            escape_into(&mut html, &text[at..start]);
            html.push_str("<mark>");
            escape_into(&mut html, &text[start..end]);
            html.push_str("</mark>");
            at = end;
        }
    }
    escape_into(&mut html, &text[at..shown.end]);
    if shown.end < text.len() {
        html.push('…');
    }
    html
}

/// What of the text is shown, at the borders of characters as they are read; where it can be, from the beginning of a word.
fn piece(text: &str, hit: usize) -> Range<usize> {
    let back = text[..hit].grapheme_indices(true).rev().take(BEFORE).last();
    let mut start = back.map_or(hit, |(at, _)| at);
    if start > 0 {
        let after_space = text[start..hit].find(char::is_whitespace);
        start += after_space.map_or(0, |at| at + 1);
        // The white space may have been a wide one.
        while !text.is_char_boundary(start) {
            start += 1;
        }
    }
    let end = text[start..].grapheme_indices(true).nth(SHOWN).map_or(text.len(), |(at, _)| start + at);
    start..end
}

/// Hits with nothing between them, or only their own overlap, are one.
fn joined(text: &str, places: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place.clone()),
        }
    }
    debug_assert!(
        joined.iter().all(|place| text.get(place.clone()).is_some()),
        "places are those of the text"
    );
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::{r#match::matches, query::Query};

    fn shown(query: &str, text: &str) -> String {
        highlight(text, &matches(&Query::parse(query).words, text).unwrap_or_default())
    }

    #[test]
    fn hits_are_marked_as_they_were_written() {
        for (query, text, expected) in [
            ("cafe", "Un CAFÉ & <b>", "Un <mark>CAFÉ</mark> &amp; &lt;b&gt;"),
            ("abc", "ＡＢＣd", "<mark>ＡＢＣd</mark>"),
            ("本語", "日本語です", "日<mark>本語</mark>です"),
            ("a b", "b\"a'", "<mark>b</mark>&quot;<mark>a</mark>&#39;"),
            ("\"a b\"", "b a b a", "b <mark>a</mark> <mark>b</mark> a"),
            ("zz", "nothing here", "nothing here"),
        ] {
            assert_eq!(shown(query, text), expected, "{query}");
        }
    }

    #[test]
    fn a_piece_around_the_first_hit_is_shown() {
        let text = format!("{}needle {}", "word ".repeat(100), "tail ".repeat(100));
        let html = shown("needle", &text);
        assert!(html.starts_with("…word ") && html.ends_with('…'), "{html}");
        assert!(html.contains("word <mark>needle</mark> tail"), "{html}");
        assert!(html.chars().count() < 220, "{html}");
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in "\\PC{0,300}", word in "\\PC{1,3}") {
            let html = shown(&word, &text).replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
        }
    }
}
