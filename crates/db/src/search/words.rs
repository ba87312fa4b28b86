//! The words under which the index knows a message, and those a query looks up in it.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    atoms::{Atoms, Kind},
    query::Term,
};

/// Characters of an index word at most; what is longer is known by its beginning.
pub(super) const WORD_CHARACTERS: usize = 40;

/// No folded text begins with what a mark begins with.
const SENDER: &str = ":from:";

/// What else a message may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Has {
    /// An attachment of any kind.
    File,
    /// An attachment that is an image.
    Image,
    /// A link in its text.
    Link,
}

impl Has {
    pub(super) fn mark(self) -> String {
        match self {
            Self::File => ":has:file",
            Self::Image => ":has:image",
            Self::Link => ":has:link",
        }
        .to_owned()
    }
}

/// The mark of what somebody sent.
pub(super) fn sender_mark(sender: Uuid) -> String {
    format!("{SENDER}{}", sender.simple())
}

/// The words of a text: each word, each two characters that stand together, and the last of them alone.
pub(super) fn words_of(text: &str) -> BTreeSet<String> {
    let atoms = Atoms::of(text);
    (0..atoms.list().len())
        .map(
            |at| {
                if atoms.goes_on(at) {
                    cut(&atoms.pair(at)).to_owned()
                } else {
                    cut(atoms.text(at)).to_owned()
                }
            },
        )
        .collect()
}

/// What a message that a term is found in has in the index at least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) words: BTreeSet<String>,
    /// Beginnings of words.
    pub(super) prefixes: BTreeSet<String>,
}

impl Needs {
    pub(super) fn add(&mut self, term: &Term) {
        let atoms = &term.atoms;
        for (at, atom) in atoms.list().iter().enumerate() {
            let text = cut(atoms.text(at));
            match atom.kind {
                Kind::Character if atoms.goes_on(at) => {
                    self.words.insert(cut(&atoms.pair(at)).to_owned());
                }
                // The two before have been looked up together.
                Kind::Character if atom.glued => {}
                Kind::Character => {
                    self.prefixes.insert(text.to_owned());
                }
                // A beginning that is cut is the whole of what the index knows of such a word.
                Kind::Word if term.is_prefix(at) && text.chars().count() < WORD_CHARACTERS => {
                    self.prefixes.insert(text.to_owned());
                }
                Kind::Word | Kind::Symbol => {
                    self.words.insert(text.to_owned());
                }
            }
        }
    }
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(WORD_CHARACTERS).map_or(word, |(end, _)| &word[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::{r#match::matches, query::Query};

    fn is_known(needs: &Needs, words: &BTreeSet<String>) -> bool {
        let begins = |prefix: &String| words.iter().any(|word| word.starts_with(prefix.as_str()));
        needs.words.is_subset(words) && needs.prefixes.iter().all(begins)
    }

    #[test]
    fn characters_stand_in_the_index_two_by_two() {
        assert!(
            words_of("日本語 Tokyo 東")
                .into_iter()
                .eq(["tokyo", "日本", "本語", "東", "語"].map(String::from))
        );
        let long = "x".repeat(100);
        assert!(words_of(&long).into_iter().eq([long[..40].to_owned()]));
    }

    proptest! {
        /// Else the index would hide what the text has.
        #[test]
        fn what_matches_is_in_the_index(
            text in "([aAéñ]{1,3}|[日本語]{1,4}|x{38,43}|👍|กำ|[ ._-]){0,14}",
            query in "([aAé]{1,3}|[日本語]{1,3}|x{38,43}|👍|กำ|[ .\"]){1,5}",
        ) {
            let query = Query::parse(&query);
            if matches(&query.words, &text).is_some() {
                prop_assert!(is_known(&query.words.needs(), &words_of(&text)));
            }
        }

        /// Any piece of a text finds it.
        #[test]
        fn a_text_is_found_by_its_words(text in "\\PC{1,60}", from in 0usize..20, count in 1usize..20) {
            let atoms = Atoms::of(&text);
            if let Some(atom) = atoms.list().get(from % atoms.list().len().max(1)) {
                let end = &atoms.list()[(from % atoms.list().len() + count).min(atoms.list().len()) - 1];
                let piece = format!("\"{}\"", text[atom.place.start..end.place.end].replace(['"', '“', '”', '„', '«', '»'], " "));
                prop_assert!(matches(&Query::parse(&piece).words, &text).is_some(), "{piece}");
            }
        }
    }
}
