//! What the checks found.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{Answer, Call, Entry, History, What};

/// What was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What was acknowledged is there.
    Lost,
    /// What was sent is there once.
    Doubled,
    /// What is there was sent, and not refused.
    Unsent,
    /// It says what was acknowledged, under that number, in that room.
    Altered,
    /// Each number from 1 to the room's revision is one change.
    Numbers,
    /// What was answered before another was sent stands before it.
    Order,
    /// The events of a socket come in the order of their numbers, each once.
    Backward,
    /// Under one number everybody sees the same.
    Conflict,
    /// A page shows each message as it was at the number that the page gives.
    Torn,
    /// What was seen is there at the end: nothing is told before it is committed.
    Phantom,
    /// The last acknowledged edit, reaction or membership stands.
    Overwritten,
    /// A deleted text is shown to nobody.
    Undeleted,
    /// What is read after an answer knows of what was answered.
    Stale,
    /// Who is not in a room is shown nothing of it.
    Trespass,
    /// Who came into a room whose history begins with joining is shown nothing from before.
    Hidden,
    /// A session that has ended is shown nothing, and its sockets are cut.
    SignedOut,
    /// What is written is delivered at once, on every node.
    Late,
    /// Who has a socket is online, and nobody else, on every node.
    Presence,
    /// A file comes back as it was brought, for as long as its message is there.
    File,
    /// Each client ends with what the room has.
    Shown,
    /// All nodes say the same at the end, by whichever call.
    Disagree,
    /// Unread counts agree with what was read.
    Unread,
    /// What needs no check to be seen: [`What::Failed`].
    Failed,
}

/// A promise that was not kept.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    pub rule: Rule,
    pub what: String,
    /// The places of the entries that show it.
    pub entries: Vec<usize>,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// Attempts to send, edit, delete, react or read.
    pub attempts: usize,
    pub acknowledged: usize,
    pub refused: usize,
    /// Without an answer, or with one that leaves open whether it was done.
    pub unknown: usize,
    /// States of messages that somebody was shown.
    pub observations: usize,
    pub sockets: usize,
    /// Messages at the end.
    pub messages: usize,
    /// Files that came back.
    pub files: usize,
    /// How often somebody was taken into a room or removed.
    pub moves: usize,
    /// At the end: at deliveries, at ends of sessions, at who is there.
    pub looks: usize,
    pub faults: BTreeMap<String, usize>,
}

impl Numbers {
    pub(super) fn of(history: &History) -> Self {
        let mut numbers = Self::default();
        for entry in &history.entries {
            numbers.count(&entry.what);
        }
        numbers.unknown = numbers.attempts.saturating_sub(numbers.acknowledged + numbers.refused);
        numbers
    }

    fn count(&mut self, what: &What) {
        match what {
            What::Asked(Call::Look) | What::Truth { .. } | What::Unread { .. } | What::Failed(_) => {}
            What::Delivered { .. } | What::Cut { .. } | What::Presence { .. } => self.looks += 1,
            What::File { text, .. } => self.files += usize::from(text.is_some()),
            What::Asked(_) => self.attempts += 1,
            What::Answered { answer: Answer::Acknowledged { .. }, .. } => self.acknowledged += 1,
            What::Answered { answer: Answer::Refused(_), .. } => self.refused += 1,
            What::Answered { answer: Answer::Unknown(_), .. } => {}
            What::Opened { .. } => self.sockets += 1,
            What::Event(_) => self.observations += 1,
            What::Page { messages, .. } | What::Shown { messages, .. } => self.observations += messages.len(),
            What::Fault { kind, .. } => *self.faults.entry(kind.clone()).or_default() += 1,
        }
    }
}

/// The outcome of a check.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub numbers: Numbers,
    /// In the order of the rules; of each rule the first few.
    pub violations: Vec<Violation>,
    /// How many of each rule there were in all.
    pub counts: BTreeMap<Rule, usize>,
}

/// Violations of one rule that are kept: one defect shows in many places.
const KEPT: usize = 10;

impl Report {
    /// Whether everything was as promised.
    pub fn is_clean(&self) -> bool {
        self.counts.is_empty()
    }

    /// Whether this rule was broken.
    pub fn names(&self, rule: Rule) -> bool {
        self.counts.contains_key(&rule)
    }

    pub(super) fn add(&mut self, rule: Rule, entries: Vec<usize>, what: impl Into<String>) {
        let count = self.counts.entry(rule).or_default();
        *count += 1;
        if *count <= KEPT {
            self.violations.push(Violation { rule, what: what.into(), entries });
        }
    }

    /// The violations with the entries that show them, for people.
    pub fn explain(&self, history: &History) -> String {
        let mut text = String::new();
        for violation in &self.violations {
            text += &format!("{:?}: {}\n", violation.rule, violation.what);
            for place in &violation.entries {
                text +=
                    &format!("  {place}: {}\n", history.entries.get(*place).map_or_else(String::new, line));
            }
        }
        text
    }
}

/// Characters of an entry that are shown.
const SHOWN: usize = 600;

fn line(entry: &Entry) -> String {
    let text = serde_json::to_string(entry).unwrap_or_else(|error| error.to_string());
    text.chars().take(SHOWN).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Numbers { attempts, acknowledged, refused, unknown, .. } = &self.numbers;
        writeln!(
            f,
            "{attempts} attempts: {acknowledged} acknowledged, {refused} refused, {unknown} unknown"
        )?;
        let Numbers { observations, sockets, messages, files, moves, looks, faults, .. } = &self.numbers;
        writeln!(
            f,
            "{messages} messages, {files} files, {moves} moves, {observations} observations, {sockets} sockets, {looks} looks"
        )?;
        let faults: Vec<String> = faults.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        writeln!(f, "faults: {}", if faults.is_empty() { "none".to_owned() } else { faults.join(", ") })?;
        let count = |rule| self.counts.get(&rule).copied().unwrap_or_default();
        let out_of_order = count(Rule::Order) + count(Rule::Backward);
        write!(
            f,
            "{} lost, {} doubled, {out_of_order} out of order",
            count(Rule::Lost),
            count(Rule::Doubled)
        )?;
        let others = self
            .counts
            .iter()
            .filter(|(rule, _)| !matches!(rule, Rule::Lost | Rule::Doubled | Rule::Order | Rule::Backward));
        for (rule, count) in others {
            write!(f, ", {count} {rule:?}")?;
        }
        writeln!(f)
    }
}
