//! Which slot of a cluster has a channel, and which master has a slot.

/// How many slots every cluster has.
const SLOTS: u16 = 16_384;

/// The slot of a name without a hash tag: its CRC-16 (polynomial 0x1021, as XMODEM has it).
fn slot(name: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for byte in name {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    crc % SLOTS
}

/// A range of slots, both ends included, and the number of the shard that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) shard: usize,
}

/// Every slot has one shard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slots(Vec<Range>);

impl Slots {
    /// A map with a single shard, which has everything.
    pub(super) fn whole() -> Self {
        Self(vec![Range { first: 0, last: SLOTS - 1, shard: 0 }])
    }

    /// `None` where a slot has no shard, or two.
    pub(super) fn new(mut ranges: Vec<Range>) -> Option<Self> {
        ranges.sort_unstable();
        let mut next = 0;
        for range in &ranges {
            if range.first != next || range.last < range.first {
                return None;
            }
            next = range.last.checked_add(1)?;
        }
        (next == SLOTS).then_some(Self(ranges))
    }

    pub(super) fn shard(&self, name: &[u8]) -> usize {
        if let [only] = self.0[..] {
            return only.shard;
        }
        let slot = slot(name);
        let at = self.0.partition_point(|range| range.last < slot);
        self.0.get(at).map_or(0, |range| range.shard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the specification of Redis Cluster, and two that `CLUSTER KEYSLOT` gives.
    #[test]
    fn slots_are_those_of_redis() {
        assert_eq!(slot(b"123456789"), 0x31c3);
        assert_eq!(slot(b"foo"), 12_182);
        assert_eq!(slot(b""), 0);
    }

    #[test]
    fn every_slot_has_one_shard() {
        let range = |first, last, shard| Range { first, last, shard };
        let slots = Slots::new(vec![range(8000, 16_383, 1), range(0, 7999, 0)]).unwrap();
        assert_eq!(slots.shard(b"foo"), 1);
        assert_eq!(slots.shard(b""), 0);
        for broken in [
            vec![],
            vec![range(0, 16_382, 0)],
            vec![range(1, 16_383, 0)],
            vec![range(0, 8000, 0), range(8000, 16_383, 1)],
            vec![range(0, 7000, 0), range(8000, 16_383, 1)],
            vec![range(0, u16::MAX, 0)],
        ] {
            assert_eq!(Slots::new(broken), None);
        }
        assert_eq!(Slots::whole().shard(b"foo"), 0);
    }
}
