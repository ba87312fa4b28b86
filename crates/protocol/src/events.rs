//! What the server tells over a WebSocket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ErrorCode, MessageId, RoomId, Timestamp, UserId,
    drafts::Draft,
    friends::FriendRequest,
    messages::{Message, ReadState},
    rooms::Room,
    users::{Me, User, UserSummary},
};

/// One frame from the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerFrame {
    /// Null for an event of the account.
    pub room_id: Option<RoomId>,
    #[serde(flatten)]
    pub event: Event,
}

impl ServerFrame {
    /// An event of a room.
    pub fn room(room_id: RoomId, event: Event) -> Self {
        Self { room_id: Some(room_id), event }
    }

    /// An event of the account or of the socket itself.
    pub fn account(event: Event) -> Self {
        Self { room_id: None, event }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    Hello(Box<Hello>),
    Message(Box<Message>),
    MessageEdited(Box<Message>),
    MessageDeleted(Box<Message>),
    Reaction(Box<Reacted>),
    Typing(Typing),
    MessagesRead(MessagesRead),
    UserStatus(UserStatus),
    Ack(Ack),
    Error(ErrorData),
    Pong(Empty),
    Resync(Empty),
    RoomUpdated(Box<Room>),
    RoomAdded(Box<Room>),
    RoomRemoved(RoomRemoved),
    ReadState(ReadState),
    ProfileUpdated(UserSummary),
    /// Somebody has asked for friendship: to both accounts.
    FriendRequest(Box<FriendRequest>),
    /// What the account has with this person has changed; the person as the account now sees them.
    Friendship(Box<User>),
    /// The account's draft in a room, as one of its devices has left it.
    Draft(Draft),
}

/// `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// The first frame of every socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    pub user: Me,
    pub server_time: Timestamp,
    /// The server pings after this many silent seconds.
    pub heartbeat_s: u64,
    pub rooms: Vec<RoomRevision>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRevision {
    pub id: RoomId,
    pub revision: i64,
    pub unread_count: u64,
    /// Unread messages that mention the account.
    pub mention_count: u64,
}

/// A message that somebody has reacted to, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reacted {
    #[serde(flatten)]
    pub message: Message,
    pub changed: ReactionChange,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionChange {
    pub user_id: UserId,
    pub emoji: String,
    /// False where the reaction was taken back.
    pub added: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub user_id: UserId,
    pub username: String,
    pub is_typing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagesRead {
    pub user_id: UserId,
    pub username: String,
    pub up_to: MessageId,
    pub seq: i64,
    pub read_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusAction {
    UserJoined,
    UserLeft,
    UserOnline,
    UserOffline,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserStatus {
    pub action: StatusAction,
    pub user_id: UserId,
    pub username: String,
    pub last_seen: Option<Timestamp>,
}

/// The action named by `client_id` is committed to the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub client_id: String,
    /// The message concerned, if one is.
    pub id: Option<MessageId>,
    /// The revision the action took, if it took one.
    pub revision: Option<i64>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorData {
    pub action: Option<String>,
    pub client_id: Option<String>,
    pub code: ErrorCode,
    /// In the reader's language. Names the rejected members too.
    pub detail: String,
    /// The rejected members of the frame, and what is wrong with each; null where none was.
    #[serde(default)]
    pub errors: Option<BTreeMap<String, Vec<String>>>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
    /// When a mute or a ban ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRemoved {
    pub id: RoomId,
}
