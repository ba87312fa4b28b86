//! Lists in statements.

/// Up to here a list is as long as a power of two, past it as a multiple of this.
const STEP: usize = 1_024;

/// The values for an `IN`, the last one repeated until the list has one of a few lengths.
///
/// A statement is prepared once for each length that its lists have. With as many as there are pages and batches, the
/// connections' caches of statements would turn over all the time: each time costs another way to the server and back, and
/// with MySQL 40 ms where sqlx leaves Nagle's algorithm on (<https://github.com/transact-rs/sqlx/issues/4335>).
pub(crate) fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    let Some(last) = values.last().cloned() else {
        return values;
    };
    values.resize(length(values.len()), last);
    values
}

pub(crate) const fn length(count: usize) -> usize {
    if count <= STEP { count.next_power_of_two() } else { count.next_multiple_of(STEP) }
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn lists_have_few_lengths_and_no_other_values() {
        assert!(padded(Vec::<u8>::new()).is_empty());
        assert_eq!(padded([7]), [7]);
        assert_eq!(padded([1, 2, 3]), [1, 2, 3, 3]);
        for (count, length) in [(64, 64), (65, 128), (1_024, 1_024), (1_025, 2_048), (10_000, 10_240)] {
            assert_eq!(padded(0..count).len(), length);
        }
    }
}
