//! Two people, in the one order in which the tables have them.

use charla_protocol::UserId;

/// Two people, the smaller id first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    pub low: UserId,
    pub high: UserId,
}

impl Pair {
    pub fn of(one: UserId, other: UserId) -> Self {
        if one < other { Self { low: one, high: other } } else { Self { low: other, high: one } }
    }
}
