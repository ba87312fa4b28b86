//! The form in which the conversations in `talk/` are written.
//!
//! ```text
//! == a thread begins, with a title for who writes it
//! A: what somebody says, in Markdown
//!   a further line of the same message begins with two spaces
//! B>1: an answer to the first message of the thread
//! ~> what the message above says after an edit
//! C [sunset]: a message with a picture of that name
//! A: a message that is taken back
//! xx
//! ```
//!
//! In a text `‹one|other›` stands for one of the two, `‹day=Friday|Sunday›` also keeps it under a name, `‹day›` says it again,
//! and `‹@B›` is the first name of whoever plays B.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use rand::{Rng, seq::IndexedRandom};

/// A conversation about one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) lines: Vec<Line>,
}

/// One message of a thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) role: char,
    /// The line it answers, counted from 0.
    pub(super) reply_to: Option<usize>,
    pub(super) picture: Option<String>,
    pub(super) text: String,
    /// What it says after an edit.
    pub(super) edited: Option<String>,
    pub(super) is_deleted: bool,
}

impl Thread {
    /// The parts to play, in the order of their first line.
    pub(super) fn roles(&self) -> Vec<char> {
        let mut roles = Vec::new();
        for line in &self.lines {
            if !roles.contains(&line.role) {
                roles.push(line.role);
            }
        }
        roles
    }

    /// Whether it shows a picture.
    pub(super) fn has_pictures(&self) -> bool {
        self.lines.iter().any(|line| line.picture.is_some())
    }
}

/// Reads the threads of a file.
///
/// # Errors
/// The number of the line that is not of the form.
pub(super) fn parse(text: &str) -> anyhow::Result<Vec<Thread>> {
    let mut threads: Vec<Thread> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with("== ") {
            threads.push(Thread::default());
            continue;
        }
        let thread = threads.last_mut().with_context(|| format!("line {}: no thread yet", number + 1))?;
        add(thread, line).with_context(|| format!("line {}: `{line}`", number + 1))?;
    }
    Ok(threads)
}

fn add(thread: &mut Thread, line: &str) -> anyhow::Result<()> {
    if let Some(more) = line.strip_prefix("  ") {
        let last = thread.lines.last_mut().context("nothing to go on with")?;
        let text = last.edited.as_mut().unwrap_or(&mut last.text);
        text.push('\n');
        text.push_str(more);
    } else if let Some(edited) = line.strip_prefix("~> ") {
        thread.lines.last_mut().context("nothing to edit")?.edited = Some(edited.to_owned());
    } else if line == "xx" {
        thread.lines.last_mut().context("nothing to delete")?.is_deleted = true;
    } else {
        let said = said(line, thread.lines.len())?;
        thread.lines.push(said);
    }
    Ok(())
}

/// `A>1 [picture]: text`.
fn said(line: &str, before: usize) -> anyhow::Result<Line> {
    let (head, text) = line.split_once(':').context("nobody says it")?;
    let (head, picture) = match head.split_once(" [") {
        Some((head, picture)) => (head, Some(picture.strip_suffix(']').context("no `]`")?.to_owned())),
        None => (head, None),
    };
    let (role, reply_to) = match head.split_once('>') {
        Some((role, number)) => (role, Some(number.parse::<usize>()?)),
        None => (head, None),
    };
    let mut letters = role.chars();
    let (Some(role @ 'A'..='Z'), None) = (letters.next(), letters.next()) else {
        bail!("a part is one capital letter")
    };
    let reply_to = match reply_to {
        Some(number) if number == 0 || number > before => bail!("there is no message {number} to answer"),
        number => number.map(|number| number - 1),
    };
    Ok(Line { role, reply_to, picture, text: text.trim().to_owned(), ..Line::default() })
}

/// What is settled while a thread is played: the players' first names, and what was chosen under a name.
#[derive(Debug)]
pub(super) struct Play<'a> {
    pub(super) names: BTreeMap<char, &'a str>,
    chosen: BTreeMap<String, String>,
}

impl<'a> Play<'a> {
    pub(super) fn new(names: BTreeMap<char, &'a str>) -> Self {
        Self { names, chosen: BTreeMap::new() }
    }

    /// The text with every slot filled. A slot that says nothing stays as it is.
    pub(super) fn fill(&mut self, text: &str, random: &mut impl Rng) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, (slot, after))) =
            rest.split_once('‹').and_then(|(before, rest)| Some((before, rest.split_once('›')?)))
        {
            filled.push_str(before);
            match self.slot(slot, random) {
                Some(words) => filled.push_str(&words),
                None => filled.extend(["‹", slot, "›"]),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    fn slot(&mut self, slot: &str, random: &mut impl Rng) -> Option<String> {
        if let Some(role) = slot.strip_prefix('@') {
            return self.names.get(&role.chars().next()?).map(|name| (*name).to_owned());
        }
        if !slot.contains('|') {
            return self.chosen.get(slot).cloned();
        }
        let (name, choices) =
            slot.split_once('=').map_or((None, slot), |(name, choices)| (Some(name), choices));
        let choices: Vec<&str> = choices.split('|').collect();
        let words = (*choices.choose(random)?).to_owned();
        if let Some(name) = name {
            self.chosen.insert(name.to_owned(), words.clone());
        }
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn threads_are_read() {
        let threads =
            parse("== one\nA: hi: all\n  more\nB>1 [sea]: look\n~> see\n\n== two\nC: oh\nxx\n").unwrap();
        assert_eq!(threads.len(), 2);
        assert_eq!(threads[0].roles(), ['A', 'B']);
        assert_eq!(threads[0].lines[0].text, "hi: all\nmore");
        let expected = Line {
            role: 'B',
            reply_to: Some(0),
            picture: Some("sea".to_owned()),
            text: "look".to_owned(),
            edited: Some("see".to_owned()),
            is_deleted: false,
        };
        assert_eq!(threads[0].lines[1], expected);
        assert!(threads[1].lines[0].is_deleted && threads[0].has_pictures() && !threads[1].has_pictures());
    }

    #[test]
    fn what_is_not_of_the_form_is_refused() {
        for text in ["A: no thread", "== t\nno part", "== t\nAB: two", "== t\nA>1: itself", "== t\nxx"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slots_are_filled_and_remembered() {
        let mut random = StdRng::seed_from_u64(1);
        let mut play = Play::new(BTreeMap::from([('A', "Ana")]));
        let first = play.fill("‹@A›, on ‹day=Friday|Sunday›?", &mut random);
        let again = play.fill("‹day›!", &mut random);
        assert_eq!(first, format!("Ana, on {}?", again.trim_end_matches('!')));
        assert_eq!(play.fill("‹nothing› ‹@Z›", &mut random), "‹nothing› ‹@Z›");
    }
}
