//! The query language: words, `"phrases"`, `-without`, and operators such as `from:ana`.

use std::collections::BTreeSet;

use charla_protocol::Timestamp;
use time::{Date, macros::format_description};

use super::{
    atoms::{Atoms, Kind},
    words::{Has, Needs},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What somebody typed to search by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) words: Words,
    pub(super) operators: Operators,
    /// There was something, but nothing of it can be looked for: only punctuation, say.
    pub(super) is_vain: bool,
}

/// What a text has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) terms: Vec<Term>,
    pub(super) excluded: Vec<Term>,
}

/// A word, or words that stand one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) atoms: Atoms,
    /// The last word may go on.
    is_open: bool,
}

/// What is asked of a message besides its text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operators {
    pub(super) from: Vec<String>,
    pub(super) within: Vec<String>,
    pub(super) has: BTreeSet<Has>,
    /// Said earlier than that.
    pub(super) before: Option<i64>,
    /// Said later than that.
    pub(super) after: Option<i64>,
}

/// A piece of what was typed, between spaces.
struct Chunk<'a> {
    /// All of it.
    whole: &'a str,
    is_excluded: bool,
    /// What stands before the colon of an operator.
    operator: Option<&'a str>,
    text: &'a str,
    quotes: Quotes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Open,
    Closed,
}

impl Query {
    /// Reads what was typed. What is no proper operator is words.
    pub fn parse(typed: &str) -> Self {
        let typed = typed.replace(['“', '”', '„', '«', '»'], "\"");
        let mut query = Self::default();
        let mut last_is_open = false;
        let mut rest = typed.as_str();
        let mut is_empty = true;
        while let Some((chunk, left)) = Chunk::read(rest) {
            rest = left;
            is_empty = false;
            if query.operators.take(&chunk) {
                continue;
            }
            let text = if chunk.operator.is_some() { chunk.whole } else { chunk.text };
            let term = Term { atoms: Atoms::of(text), is_open: false };
            if term.atoms.list().is_empty() {
                continue;
            }
            if chunk.is_excluded {
                query.words.excluded.push(term);
            } else {
                last_is_open = chunk.quotes != Quotes::Closed;
                query.words.terms.push(term);
            }
        }
        if let Some(last) = query.words.terms.last_mut() {
            last.is_open = last_is_open;
        }
        query.is_vain = !is_empty && query.count() == 0 && query.operators == Operators::default();
        query
    }

    /// How many words, phrases and operators there are to look for.
    pub fn count(&self) -> usize {
        let operators = &self.operators;
        self.words.terms.len() + self.words.excluded.len() + operators.from.len() + operators.within.len()
    }

    /// How many words there are in all of them, and characters of scripts without spaces.
    pub fn length(&self) -> usize {
        let terms = self.words.terms.iter().chain(&self.words.excluded);
        terms.map(|term| term.atoms.list().len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0 && self.operators == Operators::default()
    }
}

impl Words {
    pub(super) fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for term in &self.terms {
            needs.add(term);
        }
        needs
    }
}

impl Term {
    /// Whether that piece may be the beginning of a longer word.
    pub(super) fn is_prefix(&self, at: usize) -> bool {
        let list = self.atoms.list();
        self.is_open && at + 1 == list.len() && list[at].kind == Kind::Word
    }
}

impl Operators {
    /// Whether the chunk is an operator; then it has been noted.
    fn take(&mut self, chunk: &Chunk<'_>) -> bool {
        let Some(operator) = chunk.operator.filter(|_| !chunk.is_excluded && !chunk.text.is_empty()) else {
            return false;
        };
        match operator.to_ascii_lowercase().as_str() {
            "from" => self.from.push(chunk.text.to_owned()),
            "in" => self.within.push(chunk.text.to_owned()),
            "has" => return self.take_has(chunk.text),
            "before" => {
                let Some((start, _)) = moment(chunk.text) else { return false };
                self.before = Some(self.before.map_or(start, |before| before.min(start)));
            }
            "after" => {
                let Some((_, end)) = moment(chunk.text) else { return false };
                self.after = Some(self.after.map_or(end, |after| after.max(end)));
            }
            _ => return false,
        }
        true
    }

    fn take_has(&mut self, what: &str) -> bool {
        let has = match what.to_ascii_lowercase().as_str() {
            "file" => Has::File,
            "image" => Has::Image,
            "link" => Has::Link,
            _ => return false,
        };
        self.has.insert(has);
        true
    }
}

/// The first and the last millisecond of a day of UTC, or twice a moment.
fn moment(text: &str) -> Option<(i64, i64)> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some((moment.millis(), moment.millis()));
    }
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    let start = Timestamp::from(day.midnight().assume_utc()).millis();
    Some((start, start + DAY_MS - 1))
}

impl<'a> Chunk<'a> {
    /// The next one, and what is left behind it.
    fn read(typed: &'a str) -> Option<(Self, &'a str)> {
        let typed = typed.trim_start();
        if typed.is_empty() {
            return None;
        }
        let end = typed.find(char::is_whitespace).unwrap_or(typed.len());
        let is_excluded = typed.starts_with('-') && end > 1;
        let sign = usize::from(is_excluded);
        let name = typed[sign..end].find(':').map(|colon| &typed[sign..sign + colon]);
        let operator = name.filter(|name| is_operator(name));
        let from = operator.map_or(sign, |name| sign + name.len() + 1);
        let (text, quotes, end) = if typed[from..].starts_with('"') {
            let inside = &typed[from + 1..];
            match inside.find('"') {
                Some(close) => (&inside[..close], Quotes::Closed, from + close + 2),
                None => (inside, Quotes::Open, typed.len()),
            }
        } else {
            (&typed[from..end], Quotes::None, end)
        };
        Some((
            Self { whole: &typed[sign..end], is_excluded, operator, text: text.trim(), quotes },
            &typed[end..],
        ))
    }
}

fn is_operator(name: &str) -> bool {
    ["from", "in", "has", "before", "after"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms as they are looked for: phrases with spaces, a star where a word may go on, a minus where it is excluded.
    fn read(typed: &str) -> Vec<String> {
        let show = |term: &Term| {
            let words: Vec<&str> = (0..term.atoms.list().len()).map(|at| term.atoms.text(at)).collect();
            let star = if term.is_prefix(words.len() - 1) { "*" } else { "" };
            format!("{}{star}", words.join(" "))
        };
        let words = Query::parse(typed).words;
        words
            .terms
            .iter()
            .map(show)
            .chain(words.excluded.iter().map(|term| format!("-{}", show(term))))
            .collect()
    }

    #[test]
    fn words_and_phrases() {
        for (typed, expected) in [
            ("Hola", vec!["hola*"]),
            ("uno dos ", vec!["uno", "dos*"]),
            ("\"uno dos\"", vec!["uno dos"]),
            ("“uno dos", vec!["uno dos*"]),
            ("a \"b", vec!["a", "b*"]),
            ("\"\" x", vec!["x*"]),
            ("uno -dos", vec!["uno*", "-dos"]),
            ("-\"a b\" c", vec!["c*", "-a b"]),
            ("- a", vec!["a*"]),
            ("foo.bar", vec!["foo bar*"]),
            ("a OR b NEAR(c)", vec!["a", "or", "b", "near c*"]),
            ("日本", vec!["日 本"]),
            ("before:yesterday", vec!["before yesterday*"]),
            ("has:x in: FROM:", vec!["has x", "in", "from*"]),
            ("x from:ana", vec!["x*"]),
            ("-from:ana x", vec!["x*", "-from ana"]),
            ("http://a", vec!["http a*"]),
            ("\"*\" ' %_ ((", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(read(typed), expected, "{typed}");
        }
    }

    #[test]
    fn operators() {
        let typed = "from:me IN:\"Team room\" has:link has:FILE before:2026-01-31 after:2026-01-01 before:2026-01-31T12:00:00Z";
        let query = Query::parse(typed);
        assert_eq!(
            query.operators,
            Operators {
                from: vec!["me".to_owned()],
                within: vec!["Team room".to_owned()],
                has: [Has::Link, Has::File].into(),
                before: Some(1_769_817_600_000),
                after: Some(1_767_225_600_000 + DAY_MS - 1),
            }
        );
        assert!(!query.is_vain && query.words == Words::default());
    }

    #[test]
    fn what_is_in_vain() {
        for typed in ["!!!", "\"\"", "( * )", "-"] {
            assert!(Query::parse(typed).is_vain, "{typed}");
        }
        for typed in ["", "  ", "a !", "! from:ana"] {
            assert!(!Query::parse(typed).is_vain, "{typed}");
        }
    }
}
