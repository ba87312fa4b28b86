//! Who has blocked whom.

use charla_protocol::{Timestamp, blocks::Block};
use sea_orm::entity::prelude::*;

use super::users;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocker_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocked_id: Uuid,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::BlockedId",
        to = "super::users::Column::Id"
    )]
    Blocked,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn wire(&self, blocked: &users::Model) -> Block {
        Block { user: blocked.summary(), created_at: Timestamp::from_millis(self.created_at) }
    }
}
