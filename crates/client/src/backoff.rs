//! How long to wait before trying again.

use std::time::Duration;

use rand::Rng;

/// Doubles from `first` up to `longest`, each time somewhere between half of it and the whole: clients that were cut
/// off together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub first: Duration,
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(250), longest: Duration::from_secs(15) }
    }
}

impl Backoff {
    /// The wait after `failures` failures in a row (1 or more).
    pub fn delay(&self, failures: u32, random: &mut impl Rng) -> Duration {
        let doubled = self.first.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.longest).mul_f64(random.random_range(0.5..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_are_spread() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };
        let mut random = StdRng::seed_from_u64(1);
        for failures in [1, 2, 3, 4, 5, 40, u32::MAX] {
            let whole = 100.0 * 2f64.powi(failures.min(30).try_into().unwrap()) / 2.0;
            let whole = Duration::from_secs_f64(whole.min(1_000.0) / 1_000.0);
            let delay = backoff.delay(failures, &mut random);
            assert!(delay >= whole / 2 && delay <= whole, "{failures}: {delay:?} of {whole:?}");
        }
    }
}
