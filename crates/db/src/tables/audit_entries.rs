//! The audit log. Rows are added and read: nothing changes or deletes one.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Grows by exactly one from row to row, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub created_at: i64,
    /// None for the command line.
    pub actor_id: Option<Uuid>,
    pub action: String,
    pub target_type: String,
    pub target_id: Uuid,
    /// A JSON object.
    pub details: String,
    pub address: Option<String>,
    pub request_id: Option<Uuid>,
    /// In hexadecimal, see [`crate::queries::audit`].
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
