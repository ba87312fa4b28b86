//! Which messages of a segment have a word, and when each was said: in few bytes.

use std::collections::BTreeMap;

/// Messages of a segment at most: those of one room whose seqs differ in the last ten bits alone.
pub(super) const SLOTS: i64 = 1024;
const WORDS: usize = 16;
/// Bytes of a bitmap.
const BITMAP: usize = WORDS * 8;

/// A set of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Hits([u64; WORDS]);

/// When what stands in each slot was said, in milliseconds.
pub(super) type Times = BTreeMap<u16, i64>;

/// The segment of a room that a seq is in.
pub(super) const fn segment_of(seq: i64) -> i64 {
    seq.div_euclid(SLOTS)
}

/// The place of a seq in its segment.
pub(super) fn slot_of(seq: i64) -> u16 {
    u16::try_from(seq.rem_euclid(SLOTS)).unwrap_or_default()
}

impl Hits {
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    pub(super) fn insert(&mut self, slot: u16) {
        self.0[usize::from(slot) / 64] |= 1 << (slot % 64);
    }

    pub(super) fn has(&self, slot: u16) -> bool {
        self.0[usize::from(slot) / 64] & (1 << (slot % 64)) != 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    pub(super) fn or(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(other.0) {
            *bits |= others;
        }
    }

    pub(super) fn and(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(other.0) {
            *bits &= others;
        }
    }

    /// Two bytes a slot, or all as a bitmap where that is shorter.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let count = self.0.iter().map(|bits| bits.count_ones() as usize).sum::<usize>();
        if count * 2 >= BITMAP {
            return self.0.iter().flat_map(|bits| bits.to_le_bytes()).collect();
        }
        let slots = (0..SLOTS.unsigned_abs()).filter_map(|slot| u16::try_from(slot).ok());
        slots.filter(|slot| self.has(*slot)).flat_map(u16::to_le_bytes).collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut hits = Self::default();
        if bytes.len() == BITMAP {
            for (word, bytes) in hits.0.iter_mut().zip(bytes.as_chunks().0) {
                *word = u64::from_le_bytes(*bytes);
            }
        } else {
            for bytes in bytes.as_chunks().0 {
                hits.insert(u16::from_le_bytes(*bytes) % 1024);
            }
        }
        hits
    }
}

/// Each time as its distance from the one before: three or four bytes.
pub(super) fn times_to_bytes(times: &Times) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(times.len() * 5);
    let mut before = 0;
    for (slot, time) in times {
        bytes.extend(slot.to_le_bytes());
        let distance = time - before;
        let mut rest = ((distance << 1) ^ (distance >> 63)).cast_unsigned();
        while rest >= 0x80 {
            bytes.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push((rest & 0x7F) as u8);
        before = *time;
    }
    bytes
}

pub(super) fn times_from_bytes(bytes: &[u8]) -> Vec<(u16, i64)> {
    let mut times = Vec::with_capacity(bytes.len() / 4);
    let (mut bytes, mut before) = (bytes, 0_i64);
    while let [low, high, rest @ ..] = bytes {
        let (mut value, mut shift, mut read) = (0_u64, 0_u32, 0);
        for byte in rest {
            read += 1;
            value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        before += (value >> 1).cast_signed() ^ -(value & 1).cast_signed();
        times.push((u16::from_le_bytes([*low, *high]), before));
        bytes = &rest[read..];
    }
    times
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_stored_is_read(slots in proptest::collection::btree_set(0u16..1024, 0..200)) {
            let mut hits = Hits::default();
            slots.iter().for_each(|slot| hits.insert(*slot));
            prop_assert!(hits.to_bytes().len() <= BITMAP);
            let read = Hits::from_bytes(&hits.to_bytes());
            let all: BTreeSet<u16> = (0..1024).filter(|slot| read.has(*slot)).collect();
            prop_assert_eq!(all, slots);
        }

        #[test]
        fn times_are_read_as_they_were(times in proptest::collection::btree_map(0u16..1024, -1_000_000_000_000i64..4_000_000_000_000, 0..50)) {
            prop_assert_eq!(times_from_bytes(&times_to_bytes(&times)), times.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_room_is_cut_into_segments() {
        assert_eq!((segment_of(1023), segment_of(1024), slot_of(1023), slot_of(1024)), (0, 1, 1023, 0));
    }
}
