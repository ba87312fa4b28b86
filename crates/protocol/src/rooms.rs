//! Rooms.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RoomId, Timestamp, UserId, members::Role, messages::Message, null, users::UserSummary};

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
    /// Seconds that who may not moderate waits between two messages; 0 for none.
    pub slow_mode: u32,
    pub revision: i64,
    #[schema(required)]
    pub last_message: Option<Message>,
    #[schema(required)]
    pub unread_count: Option<u64>,
    /// Unread messages that mention the viewer, by name or as `@room`.
    #[schema(required)]
    pub mention_count: Option<u64>,
    #[schema(required)]
    pub my_role: Option<Role>,
    #[schema(required)]
    pub notify: Option<Notify>,
    #[schema(required)]
    pub muted_until: Option<Timestamp>,
    /// Whether the viewer keeps the room on top of their list.
    #[schema(required)]
    pub pinned: Option<bool>,
    /// How many messages are pinned in the room.
    pub pin_count: u64,
}

/// The types of which a room may be made: direct rooms are made by `direct_chat/`. For the description of bodies alone.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum NewRoomType {
    Group,
}

/// `POST rooms/`. What is left out or `null` has its default: private, without a topic, the whole past to see, nobody else
/// in it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateRoom {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Only `group`: direct rooms are made by `direct_chat/`.
    #[schema(value_type = NewRoomType)]
    pub room_type: RoomType,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<Visibility>)]
    pub visibility: Visibility,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub topic: String,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<History>)]
    pub history: History,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<Vec<UserId>>, max_items = 200)]
    pub participants: Vec<UserId>,
}

/// `PATCH rooms/{id}/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateRoom {
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// `null` clears it.
    #[serde(default, deserialize_with = "null::as_empty", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub topic: Option<String>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Visibility)]
    pub visibility: Option<Visibility>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = History)]
    pub history: Option<History>,
    /// Seconds that who may not moderate waits between two messages; 0 for none.
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u32, minimum = 0, maximum = 21_600)]
    pub slow_mode: Option<u32>,
}

/// `POST rooms/direct_chat/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DirectChat {
    pub user_id: UserId,
}

/// `PATCH rooms/{id}/preferences/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdatePreferences {
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Notify)]
    pub notify: Option<Notify>,
    /// `null` ends it.
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Timestamp>)]
    pub muted_until: Option<Option<Timestamp>>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
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

pub(crate) use wire_names;

wire_names!(RoomType { Direct => "direct", Group => "group" });
wire_names!(Visibility { Private => "private", Public => "public" });
wire_names!(History { All => "all", FromJoin => "from_join" });
wire_names!(Notify { All => "all", Mentions => "mentions", Nothing => "nothing" });
