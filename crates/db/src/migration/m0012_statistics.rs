//! SQLite goes by its indexes alone, whatever `PRAGMA optimize` has noted before.

use sea_orm_migration::prelude::*;

use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_statistics"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::forget_statistics(manager).await
    }
}
