//! Whose message another person's message answers. Never changed: what has been deleted is left out where replies are read.

use sea_orm::entity::prelude::*;

use super::messages;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replies")]
pub struct Model {
    /// Who is answered.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The answer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
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

impl Related<messages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Message.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What keeps that a message answers one of `target_sender`; nothing where people answer themselves.
    pub(crate) fn of(answer: &messages::Model, target_sender: Uuid) -> Option<Self> {
        let is_anothers = answer.sender_id != target_sender;
        is_anothers.then_some(Self { user_id: target_sender, message_id: answer.id })
    }
}
