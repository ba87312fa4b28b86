//! The index is cut into segments: the messages of one room whose seqs differ in the last ten bits alone.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_segments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub room_id: Uuid,
    /// Its messages' seq without the last ten bits; unique in the room.
    pub number: i64,
    /// When the oldest of its messages was said.
    pub oldest: i64,
    /// When the newest of its messages was said.
    pub newest: i64,
    /// When each was said; see `search/hits.rs`.
    pub times: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
