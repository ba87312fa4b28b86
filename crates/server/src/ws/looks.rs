//! When the database is looked at to find what nobody has told.

use std::time::Duration;

use charla_db::Result;
use tokio::{
    sync::Notify,
    time::{Interval, MissedTickBehavior, interval},
};

/// Looks of one kind, one after the other.
pub(super) struct Looks {
    what: &'static str,
    ticks: Interval,
    has_failed: bool,
}

impl Looks {
    /// At `what`, one each period.
    pub(super) fn new(what: &'static str, period: Duration) -> Self {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { what, ticks, has_failed: false }
    }

    /// Waits for the next one. True if it is time, false if somebody has woken it before.
    pub(super) async fn next(&mut self, wake: &Notify) -> bool {
        tokio::select! {
            _ = self.ticks.tick() => true,
            () = wake.notified() => false,
        }
    }

    /// Says once that it has failed, however often it does until it succeeds.
    pub(super) fn note(&mut self, looked: Result<()>) {
        let has_failed = looked.is_err();
        if let Err(error) = looked
            && !self.has_failed
        {
            tracing::warn!(%error, what = self.what, "the database can't be looked at; it is tried until it can");
        }
        self.has_failed = has_failed;
    }
}
