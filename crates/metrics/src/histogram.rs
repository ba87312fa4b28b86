//! How often something was how large, or took how long.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Seconds, from what a statement takes to what nobody waits for any more.
pub const LATENCIES: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Numbers of things that are done together.
pub const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

const NANOSECOND: f64 = 1e-9;

/// Values sorted into buckets.
#[derive(Debug)]
pub struct Histogram {
    /// The largest value of each bucket but the last, which has none.
    bounds: &'static [f64],
    buckets: Box<[AtomicU64]>,
    /// Of all values, in steps of `step`.
    sum: AtomicU64,
    step: f64,
}

impl Histogram {
    /// Of seconds, up to these bounds in rising order.
    pub fn of_seconds(bounds: &'static [f64]) -> Self {
        Self::new(bounds, NANOSECOND)
    }

    /// Of whole numbers, up to these bounds in rising order.
    pub fn of_numbers(bounds: &'static [f64]) -> Self {
        Self::new(bounds, 1.0)
    }

    fn new(bounds: &'static [f64], step: f64) -> Self {
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, buckets, sum: AtomicU64::new(0), step }
    }

    /// Notes that something took so long.
    pub fn observe_duration(&self, duration: Duration) {
        self.observe(nanoseconds(duration));
    }

    /// Notes a number.
    pub fn observe(&self, value: u64) {
        self.buckets[self.bucket(value)].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Notes several durations with few writes.
    pub fn observe_durations(&self, durations: impl IntoIterator<Item = Duration>) {
        let mut counts = vec![0; self.buckets.len()];
        let mut sum = 0_u64;
        for value in durations.into_iter().map(nanoseconds) {
            counts[self.bucket(value)] += 1;
            sum = sum.saturating_add(value);
        }
        for (bucket, count) in self.buckets.iter().zip(counts).filter(|(_, count)| *count > 0) {
            bucket.fetch_add(count, Ordering::Relaxed);
        }
        self.sum.fetch_add(sum, Ordering::Relaxed);
    }

    #[expect(clippy::cast_precision_loss, reason = "buckets are coarse")]
    fn bucket(&self, value: u64) -> usize {
        let value = value as f64 * self.step;
        self.bounds.partition_point(|bound| *bound < value)
    }

    /// The bounds, each with how many values are not above it; what is above all of them has none.
    pub(crate) fn cumulated(&self) -> impl Iterator<Item = (Option<f64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        let counts = self.buckets.iter().scan(0, |sum, bucket| {
            *sum += bucket.load(Ordering::Relaxed);
            Some(*sum)
        });
        bounds.zip(counts)
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody reads the last digits of a sum")]
    pub(crate) fn sum(&self) -> f64 {
        self.sum.load(Ordering::Relaxed) as f64 * self.step
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(histogram: &Histogram) -> Vec<u64> {
        histogram.cumulated().map(|(_, count)| count).collect()
    }

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let numbers = Histogram::of_numbers(&[1.0, 4.0]);
        for value in [0, 1, 2, 4, 5] {
            numbers.observe(value);
        }
        assert_eq!(counts(&numbers), [2, 4, 5]);
        assert_eq!(numbers.sum(), 12.0);
    }

    #[test]
    fn several_at_once_count_like_one_after_the_other() {
        let (one, other) = (Histogram::of_seconds(LATENCIES), Histogram::of_seconds(LATENCIES));
        let durations = [0, 1, 30, 700, 20_000].map(Duration::from_millis);
        durations.into_iter().for_each(|duration| one.observe_duration(duration));
        other.observe_durations(durations);
        assert_eq!(counts(&one), counts(&other));
        assert_eq!(one.sum(), other.sum());
        assert!((one.sum() - 20.731).abs() < 1e-6);
    }
}
