//! Who is mentioned in which message. Gone with the message; an edit writes them anew.
//!
//! A mention of everybody is one row, however many are in the room.

use sea_orm::entity::prelude::*;

/// Stands in `user_id` where a message mentions everybody in the room.
pub const EVERYBODY: Uuid = Uuid::nil();

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mentions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    /// Who is mentioned, or [`EVERYBODY`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The how-manieth person the message mentions.
    pub position: i16,
    /// The message's room, seq and sender again: what is unread is counted without a look at messages.
    pub room_id: Uuid,
    pub seq: i64,
    pub sender_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
