//! Groups, as staff see them: never what is said in them. Direct rooms are nobody's business but of the two.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    RoomId, Timestamp, null,
    rooms::{RoomType, Visibility, wire_names},
    users::UserSummary,
};

/// What a list of groups is ordered by; with `-` the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum RoomSort {
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameDescending,
    #[serde(rename = "created_at")]
    CreatedAt,
    #[default]
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    #[serde(rename = "members")]
    Members,
    #[serde(rename = "-members")]
    MembersDescending,
    #[serde(rename = "last_message")]
    LastMessage,
    #[serde(rename = "-last_message")]
    LastMessageDescending,
}

/// A group, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdminRoom {
    pub id: RoomId,
    pub name: String,
    pub topic: String,
    pub room_type: RoomType,
    pub visibility: Visibility,
    /// False for one that is closed: it can be read, and nothing is written in it any more.
    pub is_active: bool,
    pub created_at: Timestamp,
    #[schema(required)]
    pub creator: Option<UserSummary>,
    pub participant_count: u64,
    /// Deleted ones too, and what the server has noted.
    pub message_count: u64,
    /// Null for one in which nothing has been said.
    #[schema(required)]
    pub last_message_at: Option<Timestamp>,
}

/// `PATCH /api/v1/admin/rooms/{id}/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdateAdminRoom {
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
}

wire_names!(RoomSort {
    Name => "name",
    NameDescending => "-name",
    CreatedAt => "created_at",
    CreatedAtDescending => "-created_at",
    Members => "members",
    MembersDescending => "-members",
    LastMessage => "last_message",
    LastMessageDescending => "-last_message",
});
