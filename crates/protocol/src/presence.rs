//! Who is there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, users::UserSummary};

/// Whether somebody is online, and when they were last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnlineStatus {
    pub user: UserSummary,
    pub is_online: bool,
    #[schema(required)]
    pub last_seen: Option<Timestamp>,
}

/// `GET online-status/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnlineStatuses {
    pub results: Vec<OnlineStatus>,
}
