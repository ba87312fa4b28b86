//! What staff impose on people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Timestamp, rooms::wire_names, users::UserSummary};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SanctionKind {
    /// The person is told, and nothing else.
    Warning,
    /// The person may read, but not write.
    Mute,
    /// The person is signed out, and can't sign in.
    Ban,
}

/// `POST /api/v1/admin/users/{id}/sanctions/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateSanction {
    pub kind: SanctionKind,
    /// For the person to read.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// In the future. Left out or `null`: without an end. A warning has none.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
}

/// Something that was imposed on somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sanction {
    pub id: Uuid,
    pub user: UserSummary,
    pub kind: SanctionKind,
    pub reason: String,
    /// Null to the person concerned.
    #[schema(required)]
    pub created_by: Option<UserSummary>,
    pub created_at: Timestamp,
    /// Null for one without an end.
    #[schema(required)]
    pub ends_at: Option<Timestamp>,
    /// Null for one that was not lifted.
    #[schema(required)]
    pub lifted_at: Option<Timestamp>,
}

wire_names!(SanctionKind { Warning => "warning", Mute => "mute", Ban => "ban" });
