//! Requests for friendship that have not been answered yet: at most one between two people, whichever of them asked.

use charla_protocol::{FriendRequestId, Timestamp, friends::FriendRequest};
use sea_orm::entity::prelude::*;

use super::users;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "friend_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The smaller of the two ids; unique together with the other.
    pub low_id: Uuid,
    pub high_id: Uuid,
    pub sender_id: Uuid,
    pub receiver_id: Uuid,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::SenderId",
        to = "super::users::Column::Id"
    )]
    Sender,
    #[sea_orm(
        belongs_to = "super::users::Entity",
        from = "Column::ReceiverId",
        to = "super::users::Column::Id"
    )]
    Receiver,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn wire(&self, sender: &users::Model, receiver: &users::Model) -> FriendRequest {
        FriendRequest {
            id: FriendRequestId(self.id),
            sender: sender.summary(),
            receiver: receiver.summary(),
            created_at: Timestamp::from_millis(self.created_at),
        }
    }
}
