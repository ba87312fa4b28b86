//! Files that people have brought in. The bytes are in the file storage, under the file's id.

use charla_protocol::messages::Attachment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What may stand in one part of a path as it is: the unreserved characters of RFC 3986.
const PATH_PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub uploader_id: Uuid,
    /// `arriving`, `attachment`, `avatar` or `discarded`.
    pub purpose: String,
    /// The one message it is part of; none for an avatar, and for an attachment that no message has named yet.
    pub message_id: Option<Uuid>,
    /// Its place among the attachments of its message, from 0.
    pub position: i16,
    /// Without folders; at most 255 characters.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Such as `image/png`; found out by the server.
    pub content_type: String,
    /// Pixels.
    pub width: Option<i32>,
    /// Pixels.
    pub height: Option<i32>,
    /// Base64.
    pub thumbhash: Option<String>,
    pub created_at: i64,
    pub duration_ms: Option<i64>,
    /// Bytes of the small copy; none where there is none, and the file itself will do.
    pub small_size: Option<i64>,
    pub small_type: Option<String>,
    /// Bytes of the large copy; none where there is none, and the file itself will do.
    pub large_size: Option<i64>,
    pub large_type: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::messages::Entity",
        from = "Column::MessageId",
        to = "super::messages::Column::Id"
    )]
    Message,
}

impl Related<super::messages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Message.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// On its way into the file storage: nobody's yet.
    Arriving,
    /// Part of a message, or about to be.
    Attachment,
    /// The picture of a person or a room.
    Avatar,
    /// Nobody's any more: its bytes go, and then its row.
    Discarded,
}

/// Which of the copies of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// The file itself.
    Whole,
    Small,
    Large,
}

impl Copy {
    pub const ALL: [Self; 3] = [Self::Whole, Self::Small, Self::Large];
}

impl Purpose {
    /// The value as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Attachment => "attachment",
            Self::Avatar => "avatar",
            Self::Discarded => "discarded",
        }
    }
}

impl Model {
    /// A file of which nothing more is known: without a name and a type, no picture, of no message. `created_at` in
    /// milliseconds.
    pub fn blank(id: Uuid, uploader_id: Uuid, purpose: Purpose, created_at: i64) -> Self {
        Self {
            id,
            uploader_id,
            purpose: purpose.as_str().to_owned(),
            message_id: None,
            position: 0,
            name: String::new(),
            size: 0,
            content_type: String::new(),
            width: None,
            height: None,
            thumbhash: None,
            created_at,
            duration_ms: None,
            small_size: None,
            small_type: None,
            large_size: None,
            large_type: None,
        }
    }

    pub fn purpose(&self) -> Purpose {
        match self.purpose.as_str() {
            "arriving" => Purpose::Arriving,
            "avatar" => Purpose::Avatar,
            "discarded" => Purpose::Discarded,
            _ => Purpose::Attachment,
        }
    }

    /// Whether it is shown as a picture: of a type that the server has read and cleaned.
    pub fn is_picture(&self) -> bool {
        matches!(self.content_type.as_str(), "image/jpeg" | "image/png" | "image/webp" | "image/gif")
    }

    /// The bytes and the type of a copy; none where the file itself has to do.
    pub fn copy(&self, copy: Copy) -> Option<(u64, &str)> {
        let (size, kind) = match copy {
            Copy::Whole => (Some(self.size), Some(&self.content_type)),
            Copy::Small => (self.small_size, self.small_type.as_ref()),
            Copy::Large => (self.large_size, self.large_type.as_ref()),
        };
        Some((size?.unsigned_abs(), kind?))
    }

    /// Where the file is served.
    pub fn url(&self) -> String {
        format!("/media/{}/{}", self.id, utf8_percent_encode(&self.name, PATH_PART))
    }

    /// The file as it stands in its message.
    pub fn attachment(&self) -> Attachment {
        Attachment {
            id: self.id,
            url: self.url(),
            name: self.name.clone(),
            size: self.size.unsigned_abs(),
            content_type: self.content_type.clone(),
            width: self.width.map(i32::unsigned_abs),
            height: self.height.map(i32::unsigned_abs),
            thumbnail_url: self.thumbhash.is_some().then(|| format!("{}?size=small", self.url())),
            thumbhash: self.thumbhash.clone(),
            duration: self.duration_ms.map(seconds),
        }
    }
}

fn seconds(millis: i64) -> f64 {
    std::time::Duration::from_millis(millis.unsigned_abs()).as_secs_f64()
}

/// Where the picture of a person or a room is served.
pub fn avatar_url(id: Uuid) -> String {
    format!("/media/{id}/avatar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_part_of_the_path() {
        let nil = Uuid::nil();
        let file =
            |name: &str| Model { name: name.to_owned(), ..Model::blank(nil, nil, Purpose::Attachment, 0) };
        for (name, expected) in [
            ("plan.txt", "plan.txt"),
            ("a b/c?d#e%.png", "a%20b%2Fc%3Fd%23e%25.png"),
            ("año.pdf", "a%C3%B1o.pdf"),
        ] {
            assert_eq!(file(name).url(), format!("/media/{}/{expected}", Uuid::nil()));
        }
    }
}
