//! Takes texts apart: into words, into the characters of scripts that put no spaces between words, and into emoji.
//! Texts and queries go the same way.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold_into;

/// A text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Atoms {
    folded: String,
    list: Vec<Atom>,
}

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    folded: Range<usize>,
    /// Where it stands in the text, in bytes; at the borders of grapheme clusters.
    pub(super) place: Range<usize>,
    pub(super) kind: Kind,
    /// Whether it is a character that follows another one of its kind with nothing in between.
    pub(super) glued: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters and digits.
    Word,
    /// A character of a script without spaces between words, or with words that are hard to find: Han, Kana, Hangul, Thai…
    Character,
    /// An emoji.
    Symbol,
}

impl Atoms {
    pub(super) fn of(text: &str) -> Self {
        let mut atoms = Self { folded: String::with_capacity(text.len()), list: Vec::new() };
        // The kind of the cluster before, where nothing stands in between.
        let mut before = None;
        for (start, cluster) in text.grapheme_indices(true) {
            let from = atoms.folded.len();
            fold_into(&mut atoms.folded, cluster);
            let Some(first) = atoms.folded[from..].chars().next() else { continue };
            let kind = kind_of(first);
            match kind {
                None => atoms.folded.truncate(from),
                Some(kind) => atoms.add(kind, before, from, start..start + cluster.len()),
            }
            before = kind;
        }
        atoms
    }

    fn add(&mut self, kind: Kind, before: Option<Kind>, from: usize, place: Range<usize>) {
        let folded = from..self.folded.len();
        match self.list.last_mut() {
            Some(word) if kind == Kind::Word && before == Some(Kind::Word) => {
                word.folded.end = folded.end;
                word.place.end = place.end;
            }
            _ => {
                let glued = kind == Kind::Character && before == Some(Kind::Character);
                self.list.push(Atom { folded, place, kind, glued });
            }
        }
    }

    pub(super) fn list(&self) -> &[Atom] {
        &self.list
    }

    /// The folded text of one atom.
    pub(super) fn text(&self, at: usize) -> &str {
        &self.folded[self.list[at].folded.clone()]
    }

    /// The folded text of an atom and the one behind it.
    pub(super) fn pair(&self, at: usize) -> String {
        [self.text(at), self.text(at + 1)].concat()
    }

    /// Whether a character stands right behind this one.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.list.get(at + 1).is_some_and(|next| next.glued)
    }
}

/// What the folded character is a part of; none for what stands between words.
fn kind_of(c: char) -> Option<Kind> {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then_some(Kind::Word);
    }
    if is_unspaced(c) {
        return Some(Kind::Character);
    }
    if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
        return Some(Kind::Word);
    }
    is_emoji(c).then_some(Kind::Symbol)
}

fn is_unspaced(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Myanmar, Khmer.
        '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E4E}' | '\u{0E80}'..='\u{0ECF}' | '\u{0EDC}'..='\u{0EDF}'
        | '\u{1000}'..='\u{103F}' | '\u{1050}'..='\u{108F}' | '\u{1780}'..='\u{17D3}'
        // Hangul.
        | '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        // Kana and Bopomofo, without the dots and marks between words.
        | '\u{3041}'..='\u{3096}' | '\u{3099}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{312F}'
        | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' | '\u{1AFF0}'..='\u{1B16F}'
        // Han.
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{303B}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{231A}'..='\u{231B}' | '\u{23E9}'..='\u{23FA}' | '\u{25FB}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B1B}'..='\u{2B1C}' | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let atoms = Atoms::of(text);
        (0..atoms.list.len()).map(|at| atoms.text(at).to_owned()).collect()
    }

    #[test]
    fn texts_fall_into_words_characters_and_emoji() {
        for (text, expected) in [
            ("Café, ¡Ñandú!", vec!["cafe", "nandu"]),
            ("foo_bar.baz @ana #tag", vec!["foo", "bar", "baz", "ana", "tag"]),
            ("https://example.org/a?b=1", vec!["https", "example", "org", "a", "b", "1"]),
            ("東京タワー3", vec!["東", "京", "タ", "ワ", "ー", "3"]),
            ("iPhone手机", vec!["iphone", "手", "机"]),
            ("👍🏽👍 🇪🇸🇫🇷", vec!["👍", "👍", "🇪🇸", "🇫🇷"]),
            ("co\u{AD}op ab\u{200C}c", vec!["coop", "abc"]),
            ("हिन्दी की", vec!["हिन्दी", "की"]),
            ("… \"* ( )", vec![]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "¡Ｈé\u{301}! ß語";
        let atoms = Atoms::of(text);
        let places: Vec<&str> = atoms.list().iter().map(|atom| &text[atom.place.clone()]).collect();
        assert_eq!(places, ["Ｈé\u{301}", "ß", "語"]);
    }
}
