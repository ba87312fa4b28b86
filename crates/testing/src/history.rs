//! What clients sent, were answered and saw, in the order in which it happened; and [`check`], which holds that against
//! the promise. Pure: no I/O, no clock.
//!
//! The history is one list, written by one process. An entry's place in it is its time: what was answered at a lower place
//! than something else was asked at came before it, whatever any clock says.

mod check;
mod entry;
mod report;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use charla_protocol::{RoomId, UserId};

pub use check::check;
pub use entry::{Answer, Brought, Call, Entry, Move, Read, View, What};
pub use report::{Numbers, Report, Rule, Violation};

/// Everything that happened, oldest first. Grows only.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Whose the clients are, by their numbers.
    pub users: Vec<UserId>,
    /// Who was in each room at first. Of a room that is not named, nobody's membership is checked.
    pub founders: HashMap<RoomId, Vec<UserId>>,
    /// Rooms of which nobody is shown what was there before they came.
    pub from_join: HashSet<RoomId>,
    pub entries: Vec<Entry>,
}

impl History {
    /// Adds an entry of a client, `at` so many microseconds after the beginning. Its place.
    pub fn push(&mut self, at_us: u64, client: usize, what: What) -> usize {
        self.entries.push(Entry { at_us, client, what });
        self.entries.len() - 1
    }
}
