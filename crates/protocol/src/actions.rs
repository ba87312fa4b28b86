//! What a client may ask for over a WebSocket.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    MessageId, RoomId,
    messages::{MessageType, SentType},
    null,
};

/// One frame from a client: an action with its members, flat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClientFrame {
    /// On `/ws/`: the room that is meant. A room socket knows its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// Asks for an `ack`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(flatten)]
    pub action: Action,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    SendMessage {
        #[serde(default, deserialize_with = "null::as_default")]
        #[schema(value_type = Option<String>)]
        content: String,
        #[serde(default, deserialize_with = "null::as_default")]
        #[schema(value_type = Option<SentType>)]
        message_type: MessageType,
        #[serde(default)]
        reply_to_id: Option<MessageId>,
        #[serde(default, deserialize_with = "null::as_default")]
        #[schema(value_type = Option<Vec<Uuid>>)]
        attachment_ids: Vec<Uuid>,
    },
    Typing {
        is_typing: bool,
    },
    MarkRead {
        message_ids: Vec<MessageId>,
    },
    EditMessage {
        message_id: MessageId,
        content: String,
    },
    DeleteMessage {
        message_id: MessageId,
    },
    React {
        message_id: MessageId,
        emoji: String,
    },
    Unreact {
        message_id: MessageId,
        emoji: String,
    },
    /// The room on screen is the frame's `room_id`; none where it is null.
    Focus,
    Ping,
}

impl Action {
    /// The names of all actions.
    pub const NAMES: [&'static str; 9] = [
        "send_message",
        "typing",
        "mark_read",
        "edit_message",
        "delete_message",
        "react",
        "unreact",
        "focus",
        "ping",
    ];

    /// The name on the wire.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SendMessage { .. } => "send_message",
            Self::Typing { .. } => "typing",
            Self::MarkRead { .. } => "mark_read",
            Self::EditMessage { .. } => "edit_message",
            Self::DeleteMessage { .. } => "delete_message",
            Self::React { .. } => "react",
            Self::Unreact { .. } => "unreact",
            Self::Focus => "focus",
            Self::Ping => "ping",
        }
    }
}
