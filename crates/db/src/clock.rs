//! Time and ids come in from outside, so that tests hold them.

use std::{
    fmt::Debug,
    time::{SystemTime, UNIX_EPOCH},
};

use charla_protocol::Timestamp;
use uuid::Uuid;

/// The one source of the time of day and of new ids.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;

    /// A new UUID version 7; later ones sort after earlier ones of this process.
    fn id(&self) -> Uuid;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids from the machine's clock")]
    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
