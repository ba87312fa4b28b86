//! How often one socket may act.

use std::collections::VecDeque;

/// Milliseconds over which actions are counted.
const WINDOW: i64 = 10_000;
/// Actions in any such time; one more is refused.
const REFUSED_OVER: usize = 60;
/// Actions in any such time; one more ends the socket.
const FLOOD_OVER: usize = 600;

/// What becomes of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Pass,
    /// Refused; seconds until one passes again.
    Refuse(u64),
    Flood,
}

/// When the last actions came, in milliseconds: those that still count, refused ones too. Idle sockets keep none.
#[derive(Debug, Default)]
pub(super) struct ActionRate(VecDeque<i64>);

impl ActionRate {
    /// The time by the ticks of the clock, which never go back: the first are the oldest.
    pub(super) fn count(&mut self, now: i64) -> Verdict {
        let gone = self.0.partition_point(|at| at + WINDOW <= now);
        self.0.drain(..gone);
        if self.0.is_empty() {
            self.0.shrink_to_fit();
        }
        self.0.push_back(now);
        if self.0.len() > FLOOD_OVER {
            return Verdict::Flood;
        }
        // Once this one counts no more there is room for another.
        match self.0.len().checked_sub(REFUSED_OVER + 1).and_then(|over| self.0.get(over + 1)) {
            Some(at) => Verdict::Refuse((at + WINDOW - now).unsigned_abs().div_ceil(1000)),
            None => Verdict::Pass,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_the_contract() {
        let mut rate = ActionRate::default();
        let start = 0;
        for _ in 0..60 {
            assert_eq!(rate.count(start), Verdict::Pass);
        }
        assert_eq!(rate.count(4_000), Verdict::Refuse(6));
        for _ in 61..600 {
            assert!(matches!(rate.count(start), Verdict::Refuse(_)));
        }
        assert_eq!(rate.count(start), Verdict::Flood);
    }

    #[test]
    fn any_ten_seconds_count() {
        let mut rate = ActionRate::default();
        for n in 0..60 {
            assert_eq!(rate.count(n * 100), Verdict::Pass);
        }
        assert_eq!(rate.count(9_999), Verdict::Refuse(1), "the second one is good until 10,100");
        // Of those, the ones from 0 to 5,000 count no more; the refused one does.
        for n in 0..50 {
            assert_eq!(rate.count(15_000 + n), Verdict::Pass, "{n}");
        }
        assert!(matches!(rate.count(15_050), Verdict::Refuse(1)));
        assert_eq!(rate.count(60_000), Verdict::Pass);
    }
}
