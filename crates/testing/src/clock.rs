//! A clock that tests hold.

use std::sync::atomic::{AtomicI64, Ordering};

use charla_protocol::Timestamp;
use charla_server::clock::{Clock, SystemClock};
use parking_lot::Mutex;
use uuid::{ContextV7, Uuid};

/// Stands still but for one millisecond each time it is read, until it is moved on.
#[derive(Debug)]
pub struct ManualClock {
    millis: AtomicI64,
    /// By how much it has been set, all in all.
    set_by: AtomicI64,
    context: Mutex<ContextV7>,
}

impl Default for ManualClock {
    /// Begins at the present, so that what a browser or a database server thinks of the time fits.
    fn default() -> Self {
        Self {
            millis: AtomicI64::new(SystemClock.now().millis()),
            set_by: AtomicI64::default(),
            context: Mutex::new(ContextV7::new()),
        }
    }
}

impl ManualClock {
    /// Moves the clock on.
    pub fn advance(&self, by: std::time::Duration) {
        self.millis.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Sets the time of day so many milliseconds ahead, or back, without any time going by.
    pub fn set(&self, by: i64) {
        self.set_by.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(
            self.millis.fetch_add(1, Ordering::SeqCst) + self.set_by.load(Ordering::SeqCst),
        )
    }

    fn ticks(&self) -> i64 {
        self.millis.fetch_add(1, Ordering::SeqCst)
    }

    fn id(&self) -> Uuid {
        let millis = self.millis.load(Ordering::SeqCst) + self.set_by.load(Ordering::SeqCst);
        let millis = millis.unsigned_abs();
        let nanos = u32::try_from(millis % 1000 * 1_000_000).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(&*self.context.lock(), millis / 1000, nanos))
    }
}
