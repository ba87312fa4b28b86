//! Ids as the clock would have made them at a past time.

use rand::Rng;
use uuid::Uuid;

/// A UUID version 7 of that time, in milliseconds since the Unix epoch: ids sort as the things they name came to be.
pub(super) fn at(millis: i64, random: &mut impl Rng) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(millis.unsigned_abs(), &random.random()).into_uuid()
}
