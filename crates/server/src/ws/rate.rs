//! How often one socket may act.

use charla_protocol::Timestamp;

/// Milliseconds over which actions are counted.
const WINDOW: i64 = 10_000;
/// Actions in a window; one more is refused (contract section 7).
const REFUSED_OVER: u32 = 60;
/// Actions in a window; one more ends the socket (contract section 7).
const FLOOD_OVER: u32 = 600;

/// What becomes of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    /// Refused; seconds until the next window.
    Refuse(u64),
    Flood,
}

#[derive(Debug, Default)]
pub(super) struct ActionRate {
    since: Option<Timestamp>,
    count: u32,
}

impl ActionRate {
    pub(super) fn count(&mut self, now: Timestamp) -> Verdict {
        let since = self.since.filter(|since| now < since.plus_millis(WINDOW));
        if since.is_none() {
            self.count = 0;
        }
        let since = *self.since.insert(since.unwrap_or(now));
        self.count += 1;
        match self.count {
            count if count > FLOOD_OVER => Verdict::Flood,
            count if count > REFUSED_OVER => {
                let left = since.millis() + WINDOW - now.millis();
                Verdict::Refuse(left.unsigned_abs().div_ceil(1000))
            }
            _ => Verdict::Pass,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_the_contract() {
        let mut rate = ActionRate::default();
        let start = Timestamp::from_millis(0);
        for _ in 0..60 {
            assert_eq!(rate.count(start), Verdict::Pass);
        }
        assert_eq!(rate.count(Timestamp::from_millis(4_000)), Verdict::Refuse(6));
        for _ in 61..600 {
            assert!(matches!(rate.count(start), Verdict::Refuse(_)));
        }
        assert_eq!(rate.count(start), Verdict::Flood);
    }

    #[test]
    fn a_new_window_begins_after_ten_seconds() {
        let mut rate = ActionRate::default();
        for _ in 0..61 {
            rate.count(Timestamp::from_millis(0));
        }
        assert_eq!(rate.count(Timestamp::from_millis(10_000)), Verdict::Pass);
    }
}
