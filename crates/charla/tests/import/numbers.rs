//! The numbers of an imported timeline.

use std::collections::BTreeSet;

use charla_protocol::{messages::Message, rooms::Room};

/// Each number of the room was given once: to a message, or to the reactions that came with it.
pub(super) fn check_numbers(all: &[Message], room: &Room) {
    let changed = all.iter().filter(|message| message.revision > message.seq);
    let given = all.len() + changed.count();
    let numbers: BTreeSet<i64> = all.iter().flat_map(|message| [message.seq, message.revision]).collect();
    assert!(numbers.iter().copied().eq(1..=room.revision), "{numbers:?}");
    assert_eq!(i64::try_from(given).unwrap(), room.revision);
}
