//! A look at a database for whoever runs the server.

use crate::{Db, Result, dialect, in_time};

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Product and version, such as `PostgreSQL 17.2`.
    pub version: String,
    /// Its time, in milliseconds since 1970. None where it has this machine's.
    pub now: Option<i64>,
    /// Settings by which something acknowledged may be lost.
    pub risks: Vec<Risk>,
}

/// A setting of the database server by which something may be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    pub setting: &'static str,
    /// What it is set to.
    pub value: String,
    /// What it has to be.
    pub remedy: &'static str,
    pub endangers: Safety,
}

/// What a setting keeps from being lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// The last commits before the power fails.
    Commit,
    /// The whole database, when the power fails.
    Crash,
}

impl Safety {
    pub(crate) fn risk(self, setting: &'static str, value: &str, remedy: &'static str) -> Risk {
        Risk { setting, value: value.to_owned(), remedy, endangers: self }
    }
}

impl Db {
    /// Asks the database what it is, and how it is set.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn inspect(&self) -> Result<Inspection> {
        in_time(async { Ok(dialect::inspect(self.read()).await?) }).await
    }
}
