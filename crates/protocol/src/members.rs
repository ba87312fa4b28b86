//! Who belongs to a room, and as what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{MessageId, Timestamp, UserId, users::UserSummary};

/// What a member may do in a group grows from `member` to `owner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Admin,
    Owner,
}

impl Role {
    /// The role as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    pub user: UserSummary,
    pub role: Role,
    pub joined_at: Timestamp,
    #[schema(required)]
    pub last_read_message_id: Option<MessageId>,
    #[schema(required)]
    pub last_read_at: Option<Timestamp>,
}

/// `POST rooms/{id}/members/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AddMembers {
    #[schema(min_items = 1, max_items = 200)]
    pub user_ids: Vec<UserId>,
}

/// `PATCH rooms/{id}/members/{user_id}/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangeRole {
    pub role: Role,
}
