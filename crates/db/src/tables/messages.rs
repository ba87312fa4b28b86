//! Messages. No foreign keys to rooms and users: their rows are never deleted, and on MySQL each insert
//! would take a shared lock on a user's row for the length of a lane's transaction.

use charla_protocol::{MessageId, RoomId, messages::MessageType};
use sea_orm::entity::prelude::*;

use super::system_events::StoredEvent;
use crate::columns::Columns;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub room_id: Uuid,
    /// The revision the message was made with; unique in its room.
    pub seq: i64,
    /// The revision of its last change; unique in its room.
    pub revision: i64,
    pub sender_id: Uuid,
    /// `text`, `image`, `file` or `system`.
    pub message_type: String,
    /// Empty for a system message: its words come with the reader's language. Rows of before have one, which nobody reads any more.
    pub content: String,
    pub content_html: String,
    /// What happened, as the JSON of a `StoredEvent`, for a system message.
    pub system: Option<String>,
    pub reply_to_id: Option<Uuid>,
    /// The sender's own name for the send; unique for that sender.
    pub client_id: Option<String>,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The next columns of a row that was asked for all of them.
    pub(crate) fn read(columns: &mut Columns<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: columns.take()?,
            room_id: columns.take()?,
            seq: columns.take()?,
            revision: columns.take()?,
            sender_id: columns.take()?,
            message_type: columns.take()?,
            content: columns.take()?,
            content_html: columns.take()?,
            system: columns.take()?,
            reply_to_id: columns.take()?,
            client_id: columns.take()?,
            created_at: columns.take()?,
            edited_at: columns.take()?,
            deleted_at: columns.take()?,
        })
    }

    pub fn message_id(&self) -> MessageId {
        MessageId(self.id)
    }

    pub fn room(&self) -> RoomId {
        RoomId(self.room_id)
    }

    pub fn message_type(&self) -> MessageType {
        match self.message_type.as_str() {
            "image" => MessageType::Image,
            "file" => MessageType::File,
            "system" => MessageType::System,
            _ => MessageType::Text,
        }
    }

    /// What a system message reports.
    pub fn event(&self) -> Option<StoredEvent> {
        serde_json::from_str(self.system.as_deref()?).ok()
    }

    /// Whom its text names: who has sent it, and in a system message whom it happened to.
    pub fn named(&self) -> impl Iterator<Item = Uuid> {
        let other = self.event().and_then(|event| event.user);
        std::iter::once(self.sender_id).chain(other.map(|whom| whom.id))
    }

    /// Whether anything has happened to it since it was made: each reaction takes a revision too.
    pub fn is_changed(&self) -> bool {
        self.revision > self.seq
    }

    /// Whether it has attachments: the type says so.
    pub fn has_files(&self) -> bool {
        matches!(self.message_type(), MessageType::Image | MessageType::File)
    }
}
