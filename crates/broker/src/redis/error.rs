//! What breaks the link. No error names a password.

use std::io;

use super::settings::Place;

/// Why the link is away.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{place} can't be reached: {source}")]
    Unreachable { place: Place, source: io::Error },
    #[error("{0} does not answer in time")]
    Silent(Place),
    #[error("{0} has closed the connection")]
    Closed(Place),
    #[error("{place} says: {text}")]
    Refused { place: Place, text: String },
    #[error("{0} gives an answer that is not understood")]
    Unclear(Place),
    #[error("{0} is a replica: what is published there reaches nobody else")]
    Replica(Place),
    #[error("{0} has unsubscribed this node by itself")]
    Unsubscribed(Place),
    #[error("no Sentinel knows where the service is: {0}")]
    NoMaster(String),
    #[error("the cluster does not serve all its slots")]
    Uncovered,
    #[error("the service has moved to other servers")]
    Moved,
}

impl Error {
    /// What the client library says of a connection to `place`.
    pub(super) fn of(place: &Place, error: &redis::RedisError) -> Self {
        let place = place.clone();
        if error.is_timeout() {
            Self::Silent(place)
        } else if error.is_connection_dropped() || error.is_io_error() {
            Self::Closed(place)
        } else {
            Self::Refused { place, text: error.to_string() }
        }
    }
}
