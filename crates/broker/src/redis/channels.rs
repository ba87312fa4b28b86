//! How topics are called in Redis.

use charla_protocol::{RoomId, UserId};
use uuid::Uuid;

use crate::Topic;

/// Names `<prefix>:room:<id>`, `<prefix>:user:<id>` and `<prefix>:nodes`. They have no hash tag: in a cluster, the whole name
/// says which slot has it, so that rooms and people are spread over all masters.
#[derive(Clone, Debug)]
pub(super) struct Channels {
    prefix: String,
}

impl Channels {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: format!("{prefix}:") }
    }

    pub(super) fn name(&self, topic: Topic) -> String {
        let prefix = &self.prefix;
        match topic {
            Topic::Room(RoomId(id)) => format!("{prefix}room:{}", id.as_simple()),
            Topic::User(UserId(id)) => format!("{prefix}user:{}", id.as_simple()),
            Topic::Nodes => format!("{prefix}nodes"),
        }
    }

    /// `None` for what is no name of ours.
    pub(super) fn topic(&self, name: &[u8]) -> Option<Topic> {
        let name = name.strip_prefix(self.prefix.as_bytes())?;
        if name == b"nodes" {
            return Some(Topic::Nodes);
        }
        let (kind, id) = name.split_at_checked(5)?;
        let id = Uuid::try_parse_ascii(id).ok()?;
        match kind {
            b"room:" => Some(Topic::Room(RoomId(id))),
            b"user:" => Some(Topic::User(UserId(id))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_topics() {
        let channels = Channels::new("charla:0");
        let id = Uuid::from_u128(0x0192_f0c1_7c1e_7b5e_9d3c_2f1a_5b6c_7d8e);
        for (topic, name) in [
            (Topic::Room(RoomId(id)), "charla:0:room:0192f0c17c1e7b5e9d3c2f1a5b6c7d8e"),
            (Topic::User(UserId(id)), "charla:0:user:0192f0c17c1e7b5e9d3c2f1a5b6c7d8e"),
            (Topic::Nodes, "charla:0:nodes"),
        ] {
            assert_eq!(channels.name(topic), name);
            assert_eq!(channels.topic(name.as_bytes()), Some(topic));
        }
        for other in
            ["charla:0:room:1", "charla:1:nodes", "charla:0:", "charla:0:r", "charla:0:ro\u{e9}m:", ""]
        {
            assert_eq!(channels.topic(other.as_bytes()), None, "{other:?}");
        }
    }
}
