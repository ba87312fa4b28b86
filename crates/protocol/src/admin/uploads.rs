//! Files that people have brought into messages, as staff see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{MessageId, RoomId, Timestamp, rooms::wire_names, users::UserSummary};

/// Of which kind a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    Image,
    Video,
    Audio,
    /// Anything else.
    File,
}

/// What a list of files is ordered by; with `-` the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum UploadSort {
    #[serde(rename = "created_at")]
    CreatedAt,
    #[default]
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    #[serde(rename = "size")]
    Size,
    #[serde(rename = "-size")]
    SizeDescending,
}

/// The room of a file, as far as staff may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UploadRoom {
    pub id: RoomId,
    /// Null for a direct room.
    #[schema(required)]
    pub name: Option<String>,
}

/// A file, as staff see it: never its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdminUpload {
    pub id: Uuid,
    pub name: String,
    pub kind: UploadKind,
    /// Such as `image/png`; found out by the server.
    pub content_type: String,
    /// Bytes, without the smaller copies of a picture.
    pub size: u64,
    pub created_at: Timestamp,
    pub uploader: UserSummary,
    /// Null where no message has it yet.
    #[schema(required)]
    pub room: Option<UploadRoom>,
    /// Null where no message has it yet.
    #[schema(required)]
    pub message: Option<MessageId>,
}

wire_names!(UploadKind { Image => "image", Video => "video", Audio => "audio", File => "file" });
wire_names!(UploadSort {
    CreatedAt => "created_at",
    CreatedAtDescending => "-created_at",
    Size => "size",
    SizeDescending => "-size",
});
