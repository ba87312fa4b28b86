//! Where the history is written.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::Write,
    path::Path,
    sync::Arc,
    time::Instant,
};

use anyhow::Result;
use charla_protocol::{RoomId, UserId};
use charla_testing::history::{Answer, Call, History, What};
use parking_lot::Mutex;

/// Shared by all who add to the history.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    begin: Instant,
    history: Arc<Mutex<History>>,
}

/// The client of entries that are nobody's.
pub(crate) const NOBODY: usize = 0;

impl Record {
    pub(crate) fn of(
        users: Vec<UserId>,
        founders: HashMap<RoomId, Vec<UserId>>,
        from_join: HashSet<RoomId>,
    ) -> Self {
        let history = History { users, founders, from_join, entries: Vec::new() };
        Self { begin: Instant::now(), history: Arc::new(Mutex::new(history)) }
    }

    pub(crate) fn add(&self, client: usize, what: What) -> usize {
        let mut history = self.history.lock();
        let at_us = u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX);
        history.push(at_us, client, what)
    }

    /// The number of one more client of this account.
    pub(crate) fn join(&self, user: UserId) -> usize {
        let mut history = self.history.lock();
        history.users.push(user);
        history.users.len() - 1
    }

    pub(crate) fn ask(&self, client: usize, call: Call) -> usize {
        self.add(client, What::Asked(call))
    }

    pub(crate) fn answer(&self, client: usize, asked: usize, answer: Answer) {
        self.add(client, What::Answered { asked, answer });
    }

    pub(crate) fn fault(&self, kind: &str, detail: String) {
        self.add(NOBODY, What::Fault { kind: kind.to_owned(), detail });
    }

    pub(crate) fn failed(&self, client: usize, what: String) {
        self.add(client, What::Failed(what));
    }

    /// The history as it stands.
    pub(crate) fn take(&self) -> History {
        std::mem::take(&mut *self.history.lock())
    }
}

/// Writes a history as lines of JSON, each with its place.
pub(crate) fn write(history: &History, file: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(fs::File::create(file)?);
    writeln!(out, "{}", serde_json::json!({ "users": history.users }))?;
    for (place, entry) in history.entries.iter().enumerate() {
        let mut line = serde_json::to_value(entry)?;
        line["place"] = place.into();
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}
