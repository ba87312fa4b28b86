//! The words of each segment, and which of its messages have them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub segment_id: Uuid,
    /// Folded; or a mark, such as `:has:link`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// See `search/hits.rs`.
    pub hits: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
