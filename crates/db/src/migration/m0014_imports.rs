//! What has been imported that people may have taken back since, so that importing again does not bring it back.

use sea_orm_migration::{prelude::*, schema::*};

use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_imports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "imported")
                    .col(uuid("id").primary_key())
                    .col(big_integer("imported_at"))
                    .to_owned(),
            )
            .await
    }
}
