//! What can go wrong with the database, or with a write to it.

use charla_permissions::Denied;
use charla_protocol::{ErrorCode, Timestamp};
use sea_orm::{ConnAcquireErr, DbErr};

use crate::dialect;

/// The one error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not do that.
    #[error("denied: {0:?}")]
    Denied(Denied),
    /// The named thing is not there, or not to be seen by the caller.
    #[error("not found")]
    NotFound,
    /// A field of the request was rejected.
    #[error("field {field} rejected: {reason}")]
    Rejected { field: &'static str, reason: &'static str },
    /// The request does not fit the state of things.
    #[error("conflict: {0:?}")]
    Conflict(ErrorCode),
    /// Staff have taken that from the caller: until then, or without an end.
    #[error("sanctioned: {code:?}")]
    Sanctioned { code: ErrorCode, until: Option<Timestamp> },
    /// Too soon after the last one; the seconds to wait.
    #[error("too soon: {retry_after} s to wait")]
    TooSoon { retry_after: u64 },
    /// A unique index refused the row.
    #[error("a row of that key exists")]
    Duplicate,
    /// The database asked to run the transaction again.
    #[error("the database is busy")]
    Busy(#[source] DbErr),
    /// The database can't be reached or has no room. Whether a commit under way went through is unknown.
    #[error("the database is unavailable")]
    Unavailable(#[source] DbErr),
    /// The node is going down.
    #[error("the server is shutting down")]
    ShuttingDown,
    #[error("database error")]
    Database(#[source] DbErr),
}

impl Error {
    /// Whether the write itself was not to be done, whatever state the database is in.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Denied(_)
                | Self::NotFound
                | Self::Rejected { .. }
                | Self::Conflict(_)
                | Self::Sanctioned { .. }
                | Self::TooSoon { .. }
        )
    }

    /// A database that says nothing at all.
    pub(crate) fn silent() -> Self {
        Self::Unavailable(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        dialect::classify(error)
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            denied => Self::Denied(denied),
        }
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
