//! Who wants nothing to do with whom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, UserId, users::UserSummary};

/// Somebody whom the caller has blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Block {
    pub user: UserSummary,
    pub created_at: Timestamp,
}

/// `POST blocks/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BlockUser {
    pub user_id: UserId,
}
