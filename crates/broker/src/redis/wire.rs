//! What stands in a message: a version, the node it comes from, and what it says, in few bytes. Texts go as they are.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Delivery;

/// Raised when nodes of before could not read, or would misread, what is sent now.
const VERSION: u8 = 1;
const HEAD: usize = 1 + size_of::<uuid::Bytes>();

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

/// The message can't be read: it is damaged, or of another version.
#[derive(Debug, PartialEq)]
pub(super) struct Unreadable;

pub(super) fn encode(node: Uuid, delivery: &Delivery) -> Vec<u8> {
    written(node, &Said::Delivery(delivery))
}

pub(super) fn missed(node: Uuid) -> Vec<u8> {
    written(node, &Said::Missed)
}

fn written(node: Uuid, said: &Said<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    bytes.push(VERSION);
    bytes.extend_from_slice(node.as_bytes());
    postcard::to_extend(said, bytes).expect("everything that is delivered has a form, and a vector has room")
}

/// What another node says; `None` for what `node` has said itself.
pub(super) fn decode(node: Uuid, bytes: &[u8]) -> Result<Option<Message>, Unreadable> {
    let (head, body) = bytes.split_at_checked(HEAD).ok_or(Unreadable)?;
    if head[0] != VERSION {
        return Err(Unreadable);
    }
    if &head[1..] == node.as_bytes() {
        return Ok(None);
    }
    match postcard::take_from_bytes(body) {
        Ok((message, [])) => Ok(Some(message)),
        _ => Err(Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use charla_protocol::{RoomId, SessionId, UserId};

    use super::*;
    use crate::Audience;

    const HERE: Uuid = Uuid::from_u128(1);
    const THERE: Uuid = Uuid::from_u128(2);

    fn change(text: &'static str) -> Delivery {
        Delivery::Change { revision: 300, seq: -1, text: Bytes::from(text), keeping: None }
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
            let bytes = encode(THERE, &delivery);
            assert_eq!(decode(THERE, &bytes), Ok(None));
            assert_eq!(decode(HERE, &bytes), Ok(Some(Message::Delivery(delivery))));
        }
        assert_eq!(decode(HERE, &missed(THERE)), Ok(Some(Message::Missed)));
    }

    #[test]
    fn a_text_stands_in_the_message_as_it_is() {
        let text = "{\"text\":\"\\\"quoted\\\"\"}";
        let bytes = encode(THERE, &change(text));
        assert!(bytes.windows(text.len()).any(|window| window == text.as_bytes()));
        assert!(bytes.len() < text.len() + 30, "{}", bytes.len());
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_unreadable_and_no_harm() {
        let good = encode(THERE, &change("text"));
        for end in 0..good.len() {
            assert_eq!(decode(HERE, &good[..end]), Err(Unreadable), "cut at {end}");
        }
        let mut other = good.clone();
        other[0] = VERSION + 1;
        assert_eq!(decode(HERE, &other), Err(Unreadable));
        let longer = [&good[..], b"x"].concat();
        assert_eq!(decode(HERE, &longer), Err(Unreadable));
        for at in HEAD..good.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bent = good.clone();
                bent[at] = value;
                // Some are other messages by then; none may end the node.
                let _ = decode(HERE, &bent);
            }
        }
    }
}
