//! Friendships, and the requests that lead to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    FriendRequestId, Timestamp, UserId,
    users::{User, UserSummary},
};

/// A request for friendship that has not been answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FriendRequest {
    pub id: FriendRequestId,
    pub sender: UserSummary,
    pub receiver: UserSummary,
    pub created_at: Timestamp,
}

/// Whether requests come to the caller or from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestDirection {
    #[default]
    Incoming,
    Outgoing,
}

impl RequestDirection {
    /// The direction as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }
}

/// `POST friends/requests/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RequestFriendship {
    pub user_id: UserId,
}

/// What asking for friendship led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FriendRequestOutcome {
    /// The other person; `friendship` is `outgoing`, or `friends` where they had asked too.
    pub user: User,
    /// The request that waits for an answer. Null where the two are friends.
    #[schema(required)]
    pub request: Option<FriendRequest>,
}
