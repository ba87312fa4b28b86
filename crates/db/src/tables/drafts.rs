//! What members have typed and not sent. Gone with the membership, and with the room's closing.

use charla_protocol::{RoomId, Timestamp, drafts::Draft};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: Uuid,
    pub content: String,
    pub reply_to_id: Option<Uuid>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn wire(self) -> Draft {
        Draft {
            room: RoomId(self.room_id),
            content: self.content,
            reply_to_id: self.reply_to_id.map(Into::into),
            updated_at: Some(Timestamp::from_millis(self.updated_at)),
        }
    }
}
