//! Links by which people come into a room, or onto the server.

use charla_protocol::{RoomId, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the code, in base64url; unique. A code is looked up by it, so that no index tells by its time how much
    /// of a guess was right.
    pub code_hash: String,
    pub code: String,
    /// None for an invite of the server.
    pub room_id: Option<Uuid>,
    pub created_by: Uuid,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub max_uses: Option<i64>,
    pub uses: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The room it leads to; none for one of the server.
    pub fn room(&self) -> Option<RoomId> {
        self.room_id.map(RoomId)
    }

    /// Whether somebody may still come in by it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now.millis() < at)
            && self.max_uses.is_none_or(|most| self.uses < most)
    }
}
