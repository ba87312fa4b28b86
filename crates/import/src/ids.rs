//! Ids that follow from what something was in its source: the same each time it is read.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// Makes the ids of one source.
#[derive(Clone, Debug)]
pub struct Ids {
    source: String,
}

impl Ids {
    pub fn new(source: &str) -> Self {
        Self { source: source.to_owned() }
    }

    /// A UUID version 7 of that time, in milliseconds: ids sort as the things they name came to be. Without a time it
    /// sorts before all others.
    pub fn of(&self, kind: &str, key: &str, at: Option<i64>) -> Uuid {
        let mut hash = Sha256::new();
        for part in [&self.source, kind, key] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&hash[..10]);
        let millis = at.unwrap_or_default().max(0).unsigned_abs();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_the_same_id_and_no_other_has_it() {
        let ids = Ids::new("django");
        let id = ids.of("user", "1", Some(1_700_000_000_123));
        assert_eq!(id, Ids::new("django").of("user", "1", Some(1_700_000_000_123)));
        assert_eq!(id.get_version_num(), 7);
        for other in [
            ids.of("user", "2", Some(1_700_000_000_123)),
            ids.of("room", "1", Some(1_700_000_000_123)),
            ids.of("use", "r1", Some(1_700_000_000_123)),
            Ids::new("slack").of("user", "1", Some(1_700_000_000_123)),
        ] {
            assert_ne!(id, other);
        }
        assert!(ids.of("user", "1", Some(2)) > ids.of("user", "2", Some(1)));
        assert_eq!(ids.of("user", "1", None), ids.of("user", "1", Some(-5)));
    }
}
