//! Time and ids come in from outside, so that tests hold them.

use std::{
    fmt::Debug,
    sync::OnceLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use charla_protocol::Timestamp;
use uuid::Uuid;

/// The one source of the time of day and of new ids.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Timestamp;

    /// Milliseconds since some moment of this process: they never go back, and setting the clock of the machine adds none. Spans
    /// that end within the process are measured with them.
    fn ticks(&self) -> i64;

    /// A new UUID version 7; later ones sort after earlier ones of this process.
    fn id(&self) -> Uuid;

    fn moment(&self) -> Moment {
        Moment { time: self.now(), ticks: self.ticks() }
    }
}

/// The same moment as people call it, and for measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub time: Timestamp,
    /// As of [`Clock::ticks`].
    pub ticks: i64,
}

/// When the process asked for the first time.
static BEGIN: OnceLock<Instant> = OnceLock::new();

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn ticks(&self) -> i64 {
        i64::try_from(BEGIN.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids from the machine's clock")]
    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
