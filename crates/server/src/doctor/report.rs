//! What was found.

use serde::Serialize;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is well.
    Ok,
    /// It works; somebody should know of it.
    Note,
    /// Something has to be done.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, such as `database`.
    pub part: &'static str,
    pub verdict: Verdict,
    /// How it stands.
    pub text: String,
    /// What to do about it; null where nothing is to be done.
    pub remedy: Option<String>,
}

/// All that was found, in the order in which it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many things have to be done something about.
    pub fn problems(&self) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == Verdict::Problem).count()
    }

    pub(super) fn ok(&mut self, part: &'static str, text: impl Into<String>) {
        self.add(part, Verdict::Ok, text.into(), None);
    }

    /// It works, and nothing has to be done unless it is not as it was meant.
    pub(super) fn note(&mut self, part: &'static str, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(part, Verdict::Note, text.into(), Some(remedy.into()));
    }

    pub(super) fn problem(&mut self, part: &'static str, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(part, Verdict::Problem, text.into(), Some(remedy.into()));
    }

    fn add(&mut self, part: &'static str, verdict: Verdict, text: String, remedy: Option<String>) {
        self.findings.push(Finding { part, verdict, text, remedy });
    }
}
