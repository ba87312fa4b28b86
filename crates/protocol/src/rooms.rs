//! Rooms.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RoomId, Timestamp, UserId, members::Role, messages::Message, patch, users::UserSummary};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomType {
    Direct,
    Group,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    #[default]
    Private,
    Public,
}

/// What somebody who joins sees of the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum History {
    #[default]
    All,
    FromJoin,
}

/// What of a room is worth a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    #[default]
    All,
    Mentions,
    Nothing,
}

/// A room as one viewer sees it.
///
/// The members that depend on the viewer (`unread_count`, `mention_count`, `my_role`, `notify`, `muted_until`, `pinned`)
/// are null for somebody who is not in the room, and in the `room_updated` event, which is the same for everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Room {
    pub id: RoomId,
    /// Null for a direct room.
    #[schema(required)]
    pub name: Option<String>,
    pub slug: String,
    pub topic: String,
    pub room_type: RoomType,
    pub visibility: Visibility,
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// The first 50 members by the time they joined.
    pub participants: Vec<UserSummary>,
    pub participant_count: u64,
    #[schema(required)]
    pub created_by: Option<UserId>,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub history: History,
    pub revision: i64,
    #[schema(required)]
    pub last_message: Option<Message>,
    #[schema(required)]
    pub unread_count: Option<u64>,
    #[schema(required)]
    pub mention_count: Option<u64>,
    #[schema(required)]
    pub my_role: Option<Role>,
    #[schema(required)]
    pub notify: Option<Notify>,
    #[schema(required)]
    pub muted_until: Option<Timestamp>,
    #[schema(required)]
    pub pinned: Option<bool>,
}

/// `POST rooms/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateRoom {
    pub name: String,
    /// Only `group`: direct rooms are made by `direct_chat/`.
    pub room_type: RoomType,
    #[serde(default)]
    pub visibility: Visibility,
    #[serde(default)]
    pub topic: String,
    #[serde(default)]
    pub history: History,
    #[serde(default)]
    pub participants: Vec<UserId>,
}

/// `PATCH rooms/{id}/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateRoom {
    pub name: Option<String>,
    pub topic: Option<String>,
    pub visibility: Option<Visibility>,
    pub history: Option<History>,
}

/// `POST rooms/direct_chat/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DirectChat {
    pub user_id: UserId,
}

/// `PATCH rooms/{id}/preferences/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdatePreferences {
    pub notify: Option<Notify>,
    #[serde(default, deserialize_with = "patch::nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Timestamp>)]
    pub muted_until: Option<Option<Timestamp>>,
    pub pinned: Option<bool>,
}

/// The caller's choices for a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preferences {
    pub notify: Notify,
    #[schema(required)]
    pub muted_until: Option<Timestamp>,
    pub pinned: bool,
}

macro_rules! wire_names {
    ($type:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The value as it stands on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The value of that name, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

wire_names!(RoomType { Direct => "direct", Group => "group" });
wire_names!(Visibility { Private => "private", Public => "public" });
wire_names!(History { All => "all", FromJoin => "from_join" });
wire_names!(Notify { All => "all", Mentions => "mentions", Nothing => "nothing" });
