//! What this node has counted against limits, for the other nodes to count too.

use std::collections::HashMap;

use hmac::{Hmac, Mac};
use parking_lot::Mutex;
use sha2::Sha256;

use super::tokens::derive_key;
use crate::config::Secret;

/// Keys that wait to be told at most. Past that, others are counted here alone.
const MOST: usize = 4_096;

/// How often for each limit and key; what was taken back counts below zero.
pub(super) type Counts = Vec<(u8, u64, i32)>;

/// Counts that the other nodes do not know of yet.
///
/// A key is a hash of what it is for, with a secret of the cluster's: it is the same on every node, and says nothing to others.
#[derive(Debug)]
pub(super) struct Ledger {
    hash: Hmac<Sha256>,
    untold: Mutex<HashMap<(u8, u64), i32>>,
}

impl Ledger {
    pub(super) fn new(secret: &Secret) -> Self {
        let key = derive_key(secret, "charla limits v1");
        let hash = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        Self { hash, untold: Mutex::default() }
    }

    /// The key of these parts for a limit.
    pub(super) fn key(&self, limit: u8, parts: &[&[u8]]) -> u64 {
        let mut hash = self.hash.clone();
        hash.update(&[limit]);
        for part in parts {
            hash.update(&part.len().to_be_bytes());
            hash.update(part);
        }
        let bytes = hash.finalize().into_bytes();
        bytes.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
    }

    /// Something was counted, or taken back.
    pub(super) fn note(&self, limit: u8, key: u64, times: i32) {
        let mut untold = self.untold.lock();
        if untold.len() < MOST || untold.contains_key(&(limit, key)) {
            let count = untold.entry((limit, key)).or_default();
            *count = count.saturating_add(times);
        }
    }

    /// What there is to tell; it counts as told.
    pub(super) fn take(&self) -> Counts {
        let untold = std::mem::take(&mut *self.untold.lock());
        untold
            .into_iter()
            .filter(|(_, times)| *times != 0)
            .map(|((limit, key), times)| (limit, key, times))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        Ledger::new(&Secret(vec![1; 32]))
    }

    #[test]
    fn a_key_is_the_same_on_all_nodes_and_another_for_everything_else() {
        let key = ledger().key(1, &[b"ana"]);
        assert_eq!(ledger().key(1, &[b"ana"]), key);
        let others = [
            ledger().key(2, &[b"ana"]),
            ledger().key(1, &[b"an", b"a"]),
            Ledger::new(&Secret(vec![2; 32])).key(1, &[b"ana"]),
        ];
        assert!(others.iter().all(|other| *other != key));
    }

    #[test]
    fn what_was_taken_back_in_time_is_not_told() {
        let ledger = ledger();
        ledger.note(1, 7, 1);
        ledger.note(1, 7, -1);
        ledger.note(1, 8, 1);
        assert_eq!(ledger.take(), [(1, 8, 1)]);
        assert!(ledger.take().is_empty());
        ledger.note(1, 8, -1);
        assert_eq!(ledger.take(), [(1, 8, -1)]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let ledger = ledger();
        (0..10_000).for_each(|key| ledger.note(1, key, 1));
        assert_eq!(ledger.take().len(), MOST);
    }
}
