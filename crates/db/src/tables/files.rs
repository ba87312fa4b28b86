//! Files that people have brought in. The bytes are in the file storage, under the file's id.

use charla_protocol::messages::Attachment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::entity::prelude::*;

/// What may stand in one part of a path as it is: the unreserved characters of RFC 3986.
const PATH_PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub uploader_id: Uuid,
    /// `attachment` or `avatar`.
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
    /// Part of a message, or about to be.
    Attachment,
    /// The picture of a person or a room.
    Avatar,
}

impl Purpose {
    /// The value as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Avatar => "avatar",
        }
    }
}

impl Model {
    pub fn purpose(&self) -> Purpose {
        match self.purpose.as_str() {
            "avatar" => Purpose::Avatar,
            _ => Purpose::Attachment,
        }
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
            thumbnail_url: None,
            thumbhash: self.thumbhash.clone(),
        }
    }
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
        let file = |name: &str| Model {
            id: Uuid::nil(),
            uploader_id: Uuid::nil(),
            purpose: Purpose::Attachment.as_str().to_owned(),
            message_id: None,
            position: 0,
            name: name.to_owned(),
            size: 1,
            content_type: "text/plain".to_owned(),
            width: None,
            height: None,
            thumbhash: None,
            created_at: 0,
        };
        for (name, expected) in [
            ("plan.txt", "plan.txt"),
            ("a b/c?d#e%.png", "a%20b%2Fc%3Fd%23e%25.png"),
            ("año.pdf", "a%C3%B1o.pdf"),
        ] {
            assert_eq!(file(name).url(), format!("/media/{}/{expected}", Uuid::nil()));
        }
    }
}
