//! Messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{MessageId, RoomId, Timestamp, UserId, null, users::UserSummary};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageType {
    #[default]
    Text,
    Image,
    File,
    System,
}

impl MessageType {
    /// The type as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::File => "file",
            Self::System => "system",
        }
    }
}

/// A message as it now stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub id: MessageId,
    pub room: RoomId,
    /// The revision the message was made with: the order of the room.
    pub seq: i64,
    /// The revision of its last change.
    pub revision: i64,
    pub sender: UserSummary,
    /// What was typed: Markdown, up to 10,000 characters. Empty once deleted. Of a `system` message, what `system` reports in
    /// words: over REST in the reader's language, in events in English.
    pub content: String,
    /// The server's sanitised rendering, safe to insert as it is.
    pub content_html: String,
    pub message_type: MessageType,
    pub attachments: Vec<Attachment>,
    #[schema(required)]
    pub reply_to: Option<Quote>,
    pub reply_count: u64,
    pub reactions: Vec<Reaction>,
    /// The members it mentions as `@username`, in their order, up to 100.
    pub mentions: Vec<UserId>,
    /// Whether it mentions everybody, as `@room`.
    pub mentions_room: bool,
    #[schema(required)]
    pub client_id: Option<String>,
    pub created_at: Timestamp,
    #[schema(required)]
    pub edited_at: Option<Timestamp>,
    pub is_edited: bool,
    pub is_deleted: bool,
    /// How many others have read it.
    pub read_by_count: u64,
    /// What happened, where `message_type` is `system`.
    #[schema(required)]
    pub system: Option<SystemEvent>,
}

/// A message that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FoundMessage {
    #[serde(flatten)]
    pub message: Message,
    /// A piece of its text as HTML, safe to insert as it is, with what was sought in `<mark>`.
    pub highlight: String,
}

/// What a message that is sought has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageHas {
    /// An attachment of any kind.
    File,
    /// An attachment that is an image.
    Image,
    /// A link in its text.
    Link,
}

impl MessageHas {
    /// The value as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Image => "image",
            Self::Link => "link",
        }
    }
}

/// The message another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub id: MessageId,
    pub sender: UserSummary,
    /// Cut at 200 characters; empty once deleted, and where there are attachments alone. A `system` message is worded as it
    /// is in itself.
    pub content: String,
    pub message_type: MessageType,
    pub is_deleted: bool,
    /// What happened, where `message_type` is `system`.
    #[schema(required)]
    pub system: Option<SystemEvent>,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub id: Uuid,
    pub url: String,
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub content_type: String,
    /// Pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels.
    #[schema(required)]
    pub height: Option<u32>,
    /// A small picture of a picture: at most 320 pixels a side; with `?size=large` instead, 1,280.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// Base64 of what to show until the picture is there (<https://evanw.github.io/thumbhash/>).
    #[schema(required)]
    pub thumbhash: Option<String>,
    /// Seconds that a film or a recording takes, where the server could tell.
    #[schema(required)]
    pub duration: Option<f64>,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    pub count: u64,
    /// The first 100 who reacted.
    pub user_ids: Vec<UserId>,
    /// Whether the caller is among them; in REST answers alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<bool>,
}

/// What a system message reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemEvent {
    pub event: SystemEventKind,
    /// Whom it happened to, where that is not the sender.
    #[schema(required)]
    pub user: Option<UserSummary>,
    /// The new name of the room, where it was renamed.
    #[schema(required)]
    pub name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemEventKind {
    MemberJoined,
    MemberLeft,
    MemberAdded,
    MemberRemoved,
    RoomRenamed,
}

/// The types that a message may be sent as: `system` is the server's own. For the description of bodies alone.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum SentType {
    Text,
    Image,
    File,
}

/// `POST messages/`. What is left out or `null` has its default: `text` without attachments, no answer to another.
///
/// With attachments the content may be blank, and the server decides on the type: `image` where all are pictures, else `file`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendMessage {
    pub room: RoomId,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    pub content: String,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<SentType>)]
    pub message_type: MessageType,
    pub reply_to_id: Option<MessageId>,
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 10)]
    pub attachment_ids: Vec<Uuid>,
    /// The client's own name for this send, up to 64 characters: repeated, it is stored once.
    #[schema(min_length = 1, max_length = 64)]
    pub client_id: Option<String>,
}

/// `PUT` or `PATCH messages/{id}/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EditMessage {
    /// Blank only where the message has attachments.
    #[schema(max_length = 10_000)]
    pub content: String,
}

/// `POST messages/mark_read/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MarkRead {
    #[schema(min_items = 1, max_items = 200)]
    pub message_ids: Vec<MessageId>,
}

/// What is left to read in a room, after reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadState {
    pub room_id: RoomId,
    #[schema(required)]
    pub up_to: Option<MessageId>,
    pub seq: i64,
    pub unread_count: u64,
    /// Unread messages that mention the reader.
    pub mention_count: u64,
}

/// The answer to `mark_read/`: where each room concerned now stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MarkedRead {
    pub rooms: Vec<ReadState>,
}

/// One reader of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageRead {
    pub user: UserSummary,
    pub read_at: Timestamp,
}

/// What a message said before an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageVersion {
    pub content: String,
    /// When this version was written.
    pub created_at: Timestamp,
}

/// A page of a room's timeline, oldest to newest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    pub results: Vec<Message>,
    /// Address of the page with older messages.
    #[schema(required)]
    pub next: Option<String>,
    /// Address of the page with newer messages.
    #[schema(required)]
    pub previous: Option<String>,
    /// The room's revision that this page shows.
    pub revision: i64,
}

/// What changed in a room since a revision, in order of revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    pub results: Vec<Message>,
    /// Having applied `results`, the client stands at this revision.
    pub revision: i64,
    #[schema(required)]
    pub next: Option<String>,
}
