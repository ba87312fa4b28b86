//! How long people wait between two messages in a room.

use sea_orm_migration::{prelude::*, schema::*};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0034_slow_mode"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let seconds = integer("slow_mode").default(0).to_owned();
        manager.alter_table(Table::alter().table("rooms").add_column(seconds).to_owned()).await
    }
}
