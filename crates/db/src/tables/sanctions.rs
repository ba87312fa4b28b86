//! What staff have imposed on people. What of it is in force stands in the person's row too.

use charla_protocol::{
    Timestamp,
    sanctions::{Sanction, SanctionKind},
    users::UserSummary,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sanctions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub kind: String,
    pub reason: String,
    pub created_by: Uuid,
    pub created_at: i64,
    /// None for one without an end.
    pub ends_at: Option<i64>,
    pub lifted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn kind(&self) -> SanctionKind {
        SanctionKind::from_name(&self.kind).unwrap_or(SanctionKind::Warning)
    }

    /// As staff see it, or, without who has imposed it, the person concerned.
    pub fn wire(self, user: UserSummary, created_by: Option<UserSummary>) -> Sanction {
        Sanction {
            id: self.id,
            user,
            kind: self.kind(),
            created_by,
            created_at: Timestamp::from_millis(self.created_at),
            ends_at: self.ends_at.map(Timestamp::from_millis),
            lifted_at: self.lifted_at.map(Timestamp::from_millis),
            reason: self.reason,
        }
    }
}
