//! Memberships, friendships, requests and blocks that an import has brought: people may have ended them since. Of people, rooms and
//! messages the rows themselves tell, which are never deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imported")]
pub struct Model {
    /// Made of where it came from and what it was there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub imported_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
