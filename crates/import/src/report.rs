//! What an import has done, for whoever runs it.

use std::{collections::BTreeMap, fmt};

use crate::model::LeftOut;

/// Lines that are kept of what was left out or changed; the others are counted.
const LINES: usize = 10_000;

/// How many things of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub brought: u64,
    /// There from an earlier import.
    pub known: u64,
    pub left_out: u64,
}

/// What has come, what was changed, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By kind, such as `person` or `message`.
    pub tallies: BTreeMap<&'static str, Tally>,
    pub changed: Vec<String>,
    pub left_out: Vec<LeftOut>,
    /// What nobody misses one by one, such as notices of joining.
    pub skipped: BTreeMap<String, u64>,
    /// Lines past those that are kept.
    pub more: u64,
}

impl Report {
    pub fn tally(&self, kind: &str) -> Tally {
        self.tallies.get(kind).copied().unwrap_or_default()
    }

    pub(crate) fn brought(&mut self, kind: &'static str, count: usize) {
        self.tallies.entry(kind).or_default().brought += count as u64;
    }

    pub(crate) fn known(&mut self, kind: &'static str, count: usize) {
        self.tallies.entry(kind).or_default().known += count as u64;
    }

    pub(crate) fn change(&mut self, line: String) {
        if self.changed.len() < LINES { self.changed.push(line) } else { self.more += 1 }
    }

    pub(crate) fn leave_out(&mut self, what: LeftOut) {
        self.tallies.entry(what.kind).or_default().left_out += 1;
        if self.left_out.len() < LINES { self.left_out.push(what) } else { self.more += 1 }
    }

    pub(crate) fn skip(&mut self, kind: String, count: u64) {
        *self.skipped.entry(kind).or_default() += count;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:16} {:>10} {:>10} {:>10}", "", "brought", "known", "left out")?;
        for (kind, Tally { brought, known, left_out }) in &self.tallies {
            writeln!(f, "{kind:16} {brought:>10} {known:>10} {left_out:>10}")?;
        }
        if !self.changed.is_empty() {
            writeln!(f, "\nChanged:")?;
        }
        for line in &self.changed {
            writeln!(f, "  {line}")?;
        }
        if !self.left_out.is_empty() || !self.skipped.is_empty() {
            writeln!(f, "\nLeft out:")?;
        }
        for LeftOut { kind, key, reason } in &self.left_out {
            writeln!(f, "  {kind} {key}: {reason}")?;
        }
        for (kind, count) in &self.skipped {
            writeln!(f, "  {kind}: {count}")?;
        }
        if self.more > 0 {
            writeln!(f, "  … and {} lines more", self.more)?;
        }
        Ok(())
    }
}
