//! Who is friends with whom in the demo, beside those who write to each other, and who would like to be.

use charla_db::{
    Pair,
    tables::{friend_requests, friendships},
};
use charla_protocol::UserId;
use uuid::Uuid;

/// By username.
pub(super) const FRIENDS: [[&str; 2]; 12] = [
    ["lucia", "paula"],
    ["lucia", "freya"],
    ["mateo", "javi"],
    ["mateo", "tomas"],
    ["carmen", "noelia"],
    ["diego", "javi"],
    ["ines", "oliver"],
    ["ines", "zoe"],
    ["priya", "sam"],
    ["ethan", "callum"],
    ["hannah", "theo"],
    ["marcus", "nora"],
];

/// Who has asked whom, and waits for an answer.
pub(super) const REQUESTS: [[&str; 2]; 4] =
    [["sam", "lucia"], ["noelia", "lucia"], ["lucia", "hannah"], ["theo", "marcus"]];

pub(super) fn friendship(one: Uuid, other: Uuid, created_at: i64) -> friendships::Model {
    let pair = Pair::of(UserId(one), UserId(other));
    friendships::Model { low_id: pair.low.0, high_id: pair.high.0, created_at }
}

pub(super) fn request(
    id: Uuid,
    sender_id: Uuid,
    receiver_id: Uuid,
    created_at: i64,
) -> friend_requests::Model {
    let pair = Pair::of(UserId(sender_id), UserId(receiver_id));
    friend_requests::Model {
        id,
        low_id: pair.low.0,
        high_id: pair.high.0,
        sender_id,
        receiver_id,
        created_at,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::rooms::DIRECTS, *};

    #[test]
    fn nobody_is_or_asks_twice() {
        let friends = DIRECTS.iter().map(|direct| direct.pair).chain(FRIENDS);
        let pairs: Vec<[&str; 2]> = friends.chain(REQUESTS).collect();
        let different: BTreeSet<[&str; 2]> = pairs
            .iter()
            .map(|[one, other]| if one < other { [*one, *other] } else { [*other, *one] })
            .collect();
        assert_eq!(different.len(), pairs.len());
    }
}
