//! Whether nodes are heard that can't be understood: those of another version, while nodes are replaced one after the other.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// So long after the last message that could not be read there may be more: longer than any node is silent.
const LASTS: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub(super) struct Foreign(Mutex<Heard>);

#[derive(Debug, Default)]
struct Heard {
    last: Option<Instant>,
    has_warned: bool,
}

impl Foreign {
    /// A message could not be read.
    pub(super) fn note(&self) {
        let mut heard = self.0.lock();
        heard.last = Some(Instant::now());
        if !std::mem::replace(&mut heard.has_warned, true) {
            tracing::warn!(
                "messages on the channel layer can't be read: do all nodes have the same version and SECRET_KEY? While they \
                 come, the database is looked at each second"
            );
        }
    }

    /// Whether what other nodes say is not understood, or not all of it.
    pub(super) fn is_heard(&self) -> bool {
        self.0.lock().last.is_some_and(|at| at.elapsed() < LASTS)
    }

    /// Whether that has ended since this was asked the last time.
    pub(super) fn has_ended(&self) -> bool {
        let mut heard = self.0.lock();
        let has_ended = heard.last.is_some_and(|at| at.elapsed() >= LASTS);
        if has_ended {
            *heard = Heard::default();
        }
        has_ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_some_time_after_the_last() {
        let foreign = Foreign::default();
        assert!(!foreign.is_heard() && !foreign.has_ended());
        for _ in 0..3 {
            foreign.note();
            tokio::time::advance(LASTS - Duration::from_millis(1)).await;
            assert!(foreign.is_heard() && !foreign.has_ended());
        }
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!foreign.is_heard());
        assert!(foreign.has_ended() && !foreign.has_ended());
    }
}
