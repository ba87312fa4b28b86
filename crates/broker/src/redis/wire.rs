//! What stands in a message: a version, a seal, the node it comes from, and what it says, in few bytes. Texts go as they are.

use std::fmt;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{Delivery, Topic};

/// Raised when nodes of before could not read, or would misread, what is sent now.
const VERSION: u8 = 2;
/// Bytes of the seal: half of what HMAC-SHA256 gives (RFC 2104, 5).
const SEAL: usize = 16;
const NODE: usize = size_of::<uuid::Bytes>();
const HEAD: usize = 1 + SEAL + NODE;

/// What a node writes messages with, and reads those of the others. Each is sealed with a key that all nodes have, together with its
/// topic: whoever else can write to Redis makes none, and has none repeated elsewhere.
#[derive(Clone)]
pub(super) struct Pen {
    node: Uuid,
    mac: Hmac<Sha256>,
}

/// What a node says to the others.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) enum Message {
    Delivery(Delivery),
    /// Something of what the sender wanted to publish before was lost.
    Missed,
}

/// The same, borrowed: variants in the same order.
#[derive(Serialize)]
enum Said<'a> {
    Delivery(&'a Delivery),
    Missed,
}

/// The message can't be read: it is damaged, sealed with another key, or of another version.
#[derive(Debug, PartialEq)]
pub(super) struct Unreadable;

impl Pen {
    pub(super) fn new(node: Uuid, key: &[u8; 32]) -> Self {
        Self { node, mac: Hmac::new_from_slice(key).expect("HMAC takes keys of any length") }
    }

    pub(super) fn encode(&self, topic: Topic, delivery: &Delivery) -> Vec<u8> {
        self.written(topic, &Said::Delivery(delivery))
    }

    pub(super) fn missed(&self, topic: Topic) -> Vec<u8> {
        self.written(topic, &Said::Missed)
    }

    fn written(&self, topic: Topic, said: &Said<'_>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        bytes.push(VERSION);
        bytes.extend([0; SEAL]);
        bytes.extend_from_slice(self.node.as_bytes());
        let mut bytes = postcard::to_extend(said, bytes)
            .expect("everything that is delivered has a form, and a vector has room");
        let seal = self.sealing(topic, &bytes[1 + SEAL..]).finalize().into_bytes();
        bytes[1..=SEAL].copy_from_slice(&seal[..SEAL]);
        bytes
    }

    /// What another node says; `None` for what this one has said itself.
    pub(super) fn decode(&self, topic: Topic, bytes: &[u8]) -> Result<Option<Message>, Unreadable> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(Unreadable)?;
        let (seal, node) = head[1..].split_at(SEAL);
        if head[0] != VERSION {
            return Err(Unreadable);
        }
        if node == self.node.as_bytes() {
            return Ok(None);
        }
        self.sealing(topic, &bytes[1 + SEAL..]).verify_truncated_left(seal).map_err(|_| Unreadable)?;
        match postcard::take_from_bytes(body) {
            Ok((message, [])) => Ok(Some(message)),
            _ => Err(Unreadable),
        }
    }

    fn sealing(&self, topic: Topic, bytes: &[u8]) -> Hmac<Sha256> {
        let (kind, id) = match topic {
            Topic::Nodes => (0, Uuid::nil()),
            Topic::Room(room) => (1, room.0),
            Topic::User(user) => (2, user.0),
        };
        self.mac.clone().chain_update([kind]).chain_update(id.as_bytes()).chain_update(bytes)
    }
}

impl fmt::Debug for Pen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pen").field("node", &self.node).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use charla_protocol::{RoomId, SessionId, UserId};

    use super::*;
    use crate::Audience;

    const TOPIC: Topic = Topic::Room(RoomId(Uuid::from_u128(3)));

    fn here() -> Pen {
        Pen::new(Uuid::from_u128(1), &[7; 32])
    }

    fn there() -> Pen {
        Pen::new(Uuid::from_u128(2), &[7; 32])
    }

    fn change(text: &'static str) -> Delivery {
        Delivery::Change { revision: 300, seq: -1, text: Bytes::from(text), keeping: None, removes: None }
    }

    #[test]
    fn others_read_what_was_written_and_the_writer_does_not() {
        let some = UserId(Uuid::from_u128(7));
        let deliveries = [
            change("{\"type\":\"message\"}"),
            Delivery::Frame {
                text: Bytes::from("é"),
                audience: Audience::Watching,
                except: Some(some),
                by: None,
            },
            Delivery::Acquaintances {
                friends: vec![some],
                rooms: vec![RoomId(Uuid::from_u128(8))],
                except: some,
                text: Bytes::new(),
            },
            Delivery::SessionsEnded(vec![SessionId(Uuid::from_u128(9))]),
            Delivery::Held,
        ];
        for delivery in deliveries {
            let bytes = there().encode(TOPIC, &delivery);
            assert_eq!(there().decode(TOPIC, &bytes), Ok(None));
            assert_eq!(here().decode(TOPIC, &bytes), Ok(Some(Message::Delivery(delivery))));
        }
        assert_eq!(here().decode(TOPIC, &there().missed(TOPIC)), Ok(Some(Message::Missed)));
    }

    #[test]
    fn a_text_stands_in_the_message_as_it_is() {
        let text = "{\"text\":\"\\\"quoted\\\"\"}";
        let bytes = there().encode(TOPIC, &change(text));
        assert!(bytes.windows(text.len()).any(|window| window == text.as_bytes()));
        assert!(bytes.len() < text.len() + 46, "{}", bytes.len());
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_unreadable_and_no_harm() {
        let good = there().encode(TOPIC, &change("text"));
        for end in 0..good.len() {
            assert_eq!(here().decode(TOPIC, &good[..end]), Err(Unreadable), "cut at {end}");
        }
        let mut other = good.clone();
        other[0] = VERSION + 1;
        assert_eq!(here().decode(TOPIC, &other), Err(Unreadable));
        let longer = [&good[..], b"x"].concat();
        assert_eq!(here().decode(TOPIC, &longer), Err(Unreadable));
        for at in 1..good.len() {
            let mut bent = good.clone();
            bent[at] ^= 1;
            let own_node =
                (1 + SEAL..HEAD).contains(&at) && bent[1 + SEAL..HEAD] == *Uuid::from_u128(1).as_bytes();
            assert!(own_node || here().decode(TOPIC, &bent) == Err(Unreadable), "bent at {at}");
        }
    }

    #[test]
    fn who_has_another_key_or_repeats_it_elsewhere_is_not_believed() {
        let stranger = Pen::new(Uuid::from_u128(2), &[8; 32]);
        assert_eq!(here().decode(TOPIC, &stranger.encode(TOPIC, &change("text"))), Err(Unreadable));
        let good = there().encode(TOPIC, &change("text"));
        for topic in
            [Topic::Nodes, Topic::User(UserId(Uuid::from_u128(3))), Topic::Room(RoomId(Uuid::from_u128(4)))]
        {
            assert_eq!(here().decode(topic, &good), Err(Unreadable), "{topic:?}");
        }
    }
}
