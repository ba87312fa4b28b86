//! Text that has not been sent yet, the same on every device of an account.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{MessageId, RoomId, Timestamp, null};

/// The caller's draft in a room. Without one `content` is empty, and the rest null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    pub room: RoomId,
    pub content: String,
    #[schema(required)]
    pub reply_to_id: Option<MessageId>,
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
}

impl Draft {
    /// No draft.
    pub const fn none(room: RoomId) -> Self {
        Self { room, content: String::new(), reply_to_id: None, updated_at: None }
    }
}

/// `PUT rooms/{id}/draft/`. Blank text that answers nothing is no draft: it deletes the one there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutDraft {
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    pub content: String,
    #[serde(default)]
    pub reply_to_id: Option<MessageId>,
}
