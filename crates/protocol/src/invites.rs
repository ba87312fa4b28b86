//! Links by which people come into a room, or onto the server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RoomId, Timestamp, users::UserSummary};

/// `POST rooms/{id}/invites/` and `POST /api/v1/admin/invites/`. What is left out or `null` sets no bound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateInvite {
    /// In the future.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub max_uses: Option<i64>,
}

/// An invite, as those see it who may withdraw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invite {
    pub code: String,
    /// The link to pass on.
    pub url: String,
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    #[schema(required)]
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub created_by: UserSummary,
    pub created_at: Timestamp,
}

/// What who holds a link to a room is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitePreview {
    /// The room's.
    pub id: RoomId,
    pub name: String,
    pub topic: String,
    #[schema(required)]
    pub avatar_url: Option<String>,
    pub participant_count: u64,
}
