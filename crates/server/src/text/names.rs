//! Names in a text that may mention somebody: `@` and a username, or `@room`.

use std::collections::{HashMap, HashSet};

use charla_db::{fold, lanes::Mentions};
use charla_protocol::UserId;
use unicode_normalization::char::is_combining_mark;

/// The name that means everybody.
const EVERYBODY: &str = "room";
/// Characters of a name as it is typed at most: a username has 64, and marks may stand by themselves.
const MAX_NAME: usize = 128;
/// Signs at the end of a name that may belong to the sentence.
const MAX_TRAILING: usize = 8;
/// Names of one text that are looked at, and keys that are looked up.
const MAX_NAMES: usize = 1000;
/// People whom one message mentions. Who is named after them is not.
const MAX_PEOPLE: usize = 100;

/// Whom a text may mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// By the key of the username.
    pub people: HashMap<String, UserId>,
    /// Whether `@room` means everybody.
    pub everybody: bool,
}

/// Who is meant by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Everybody,
    Person(UserId),
}

/// The keys under which the names in a text are looked up: of all that stand behind an `@`, wherever that is.
pub fn names_in(content: &str) -> Vec<String> {
    let mut keys = HashSet::new();
    for (at, _) in content.match_indices('@').take(MAX_NAMES) {
        let before = content[..at].chars().next_back();
        if keys.len() < MAX_NAMES && !before.is_some_and(|c| c.is_alphanumeric() || c == '@') {
            keys.extend(candidates(&content[at + 1..]).map(fold::name_key));
        }
    }
    keys.into_iter().collect()
}

/// Whether an `@` behind that character may begin a mention: not in a word, and not in an e-mail address.
pub(super) fn may_begin_behind(before: Option<char>) -> bool {
    !before.is_some_and(|c| is_name_character(c) && c != '.')
}

impl Names {
    /// Who is mentioned at the beginning of a text behind an `@`, and the bytes of their name. The longest name counts.
    pub(super) fn find(&self, text: &str) -> Option<(usize, Meant)> {
        if self.people.is_empty() && !self.everybody {
            return None;
        }
        candidates(text).find_map(|name| {
            let key = fold::name_key(name);
            let everybody = (self.everybody && key == EVERYBODY).then_some(Meant::Everybody);
            let meant = everybody.or_else(|| self.people.get(&key).copied().map(Meant::Person))?;
            Some((name.len(), meant))
        })
    }
}

/// Notes a mention. False where the text mentions too many already.
pub(super) fn note(mentions: &mut Mentions, meant: Meant) -> bool {
    match meant {
        Meant::Everybody => mentions.room = true,
        Meant::Person(person) if mentions.people.contains(&person) => {}
        Meant::Person(_) if mentions.people.len() >= MAX_PEOPLE => return false,
        Meant::Person(person) => mentions.people.push(person),
    }
    true
}

/// What may be the name at the beginning of a text, the longest first: with the signs at its end, which names may have too,
/// and with ever fewer of them. What goes on for longer than any name is none.
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let mut characters = text.char_indices().take(MAX_NAME + 1);
    let length = match characters.find(|(_, c)| !is_name_character(*c)) {
        Some((end, _)) => end,
        None if text.chars().nth(MAX_NAME).is_none() => text.len(),
        None => 0,
    };
    let name = &text[..length];
    // These signs take one byte each.
    let shortest = name.trim_end_matches(['@', '.', '+', '-', '_']).len();
    let longest = Ord::min(length, shortest + MAX_TRAILING);
    (shortest..=longest).rev().filter(move |_| shortest > 0).map(move |length| &name[..length])
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '@' | '.' | '+' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(content: &str) -> Vec<String> {
        let mut keys = names_in(content);
        keys.sort();
        keys
    }

    #[test]
    fn every_name_is_looked_up_once_in_each_of_its_lengths() {
        assert_eq!(sorted("@Ana, (@bob). @ana!"), ["ana", "bob"]);
        assert_eq!(sorted("@maria.garcia."), ["maria.garcia", "maria.garcia."]);
        assert_eq!(sorted("@JOSE\u{301} @Ａｎａ"), ["ana", "josé"]);
        assert_eq!(sorted("mail@example.org @ @@ @... @🎉"), Vec::<String>::new());
        assert_eq!(sorted(&format!("@ana{}", ".".repeat(100))).len(), 9);
        assert!(names_in(&format!("@ana{}", ".".repeat(10_000))).is_empty());
        assert!(names_in(&"@abc.def. ".repeat(1_000)).len() <= 2);
        let many: String = (0..3_000).map(|n| format!("@a{n}.... ")).collect();
        assert!(names_in(&many).len() < MAX_NAMES + 16);
    }

    #[test]
    fn the_longest_name_counts() {
        let [ana, dotted] = [1, 2].map(|n| UserId(uuid::Uuid::from_u128(n)));
        let people = HashMap::from([("ana".to_owned(), ana), ("ana.".to_owned(), dotted)]);
        let names = Names { people, everybody: true };
        assert_eq!(names.find("ana. x"), Some((4, Meant::Person(dotted))));
        assert_eq!(names.find("ANA.. x"), Some((4, Meant::Person(dotted))));
        assert_eq!(names.find("ana-"), Some((3, Meant::Person(ana))));
        assert_eq!(names.find("anabel"), None);
        assert_eq!(names.find("room!"), Some((4, Meant::Everybody)));
        assert_eq!(Names { everybody: false, ..names }.find("room"), None);
    }
}
