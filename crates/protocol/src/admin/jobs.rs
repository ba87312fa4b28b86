//! What waits in the background.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// `GET /api/v1/admin/jobs/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jobs {
    pub queues: Vec<Queue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueName {
    /// To be sent.
    Mails,
    /// Archives that this node is making.
    Exports,
    /// Rooms with something that the search's index does not have yet.
    Indexing,
    /// Files that nobody has any more.
    Uploads,
}

/// What waits for one kind of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    pub name: QueueName,
    pub waiting: u64,
    /// Of them, what was tried before and has failed.
    pub failing: u64,
    /// Since when the oldest waits; null where nothing does, or where that is not known.
    #[schema(required)]
    pub oldest_at: Option<Timestamp>,
}
