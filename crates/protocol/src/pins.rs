//! Messages that a room keeps in sight.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{MessageId, Timestamp, messages::Message, users::UserSummary};

/// `POST rooms/{id}/pins/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PinMessage {
    pub message_id: MessageId,
}

/// A pinned message as it now stands, and who pinned it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PinnedMessage {
    #[serde(flatten)]
    pub message: Message,
    pub pinned_by: UserSummary,
    pub pinned_at: Timestamp,
}
