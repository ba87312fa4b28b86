//! The lines of the format, as far as they are of use.

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Line {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) channel: Option<Channel>,
    pub(super) user: Option<User>,
    pub(super) post: Option<Post>,
    pub(super) direct_channel: Option<DirectChannel>,
    pub(super) direct_post: Option<Post>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channel {
    pub(super) team: String,
    pub(super) name: String,
    pub(super) display_name: String,
    /// `O` is open.
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) header: String,
    pub(super) purpose: String,
    pub(super) deleted_at: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub(super) username: String,
    pub(super) email: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) position: Option<String>,
    pub(super) roles: Option<String>,
    pub(super) delete_at: Option<i64>,
    pub(super) teams: Option<Vec<Team>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Team {
    pub(super) name: String,
    pub(super) channels: Option<Vec<Membership>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Membership {
    pub(super) name: String,
    pub(super) roles: Option<String>,
    pub(super) last_viewed_at: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DirectChannel {
    pub(super) members: Option<Vec<String>>,
    pub(super) participants: Option<Vec<Participant>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Participant {
    pub(super) username: String,
    pub(super) last_viewed_at: Option<i64>,
}

/// A post, a direct post or a reply.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Post {
    pub(super) team: String,
    pub(super) channel: String,
    pub(super) channel_members: Option<Vec<String>>,
    pub(super) user: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) message: String,
    /// Milliseconds.
    pub(super) create_at: i64,
    pub(super) edit_at: Option<i64>,
    pub(super) reactions: Option<Vec<Reaction>>,
    pub(super) replies: Option<Vec<Post>>,
    pub(super) attachments: Option<Vec<Attachment>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reaction {
    pub(super) user: String,
    pub(super) emoji_name: String,
    pub(super) create_at: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachment {
    pub(super) path: String,
}

/// The key of a channel of a team.
pub(super) fn channel_key(team: &str, channel: &str) -> String {
    format!("{team}/{channel}")
}

/// The key of what these people have with each other, in whatever order they are named.
pub(super) fn direct_key(members: &[String]) -> String {
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    format!("direct/{}", members.join(","))
}

impl Post {
    /// The key of the room it is in.
    pub(super) fn room(&self) -> String {
        match &self.channel_members {
            Some(members) => direct_key(members),
            None => channel_key(&self.team, &self.channel),
        }
    }

    /// Whether it reports what somebody did.
    pub(super) fn is_notice(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind.starts_with("system_"))
    }
}
