//! A number that only grows.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Parts of a counter: a power of two, and more than threads are busy at once on most machines.
const STRIPES: usize = 8;

/// A number that only grows, from any thread: each has a part of it mostly for itself.
#[derive(Debug, Default)]
pub struct Counter([Stripe; STRIPES]);

/// Alone on its line of the cache, and on the one that is fetched along with it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe(AtomicU64);

static NEXT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
}

impl Counter {
    /// Adds one.
    pub fn increment(&self) {
        self.add(1);
    }

    /// Adds so many.
    pub fn add(&self, more: u64) {
        // A thread that is ending counts with the first.
        let own = OWN.try_with(|own| *own).unwrap_or_default();
        self.0[own].0.fetch_add(more, Ordering::Relaxed);
    }

    /// All that was added so far.
    pub fn value(&self) -> u64 {
        self.0.iter().map(|stripe| stripe.0.load(Ordering::Relaxed)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_threads_add_is_there() {
        let counter = Counter::default();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
            }
        });
        counter.add(5);
        assert_eq!(counter.value(), 20_005);
    }
}
