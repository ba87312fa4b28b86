//! Bots: accounts that have an owner, and sessions that a token of theirs opens.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0031_bots"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "users", uuid_null("owner_id")).await?;
        add(manager, "sessions", string_len_null("token_hash", 64)).await?;
        add(manager, "sessions", string_len_null("scopes", 255)).await?;
        index(manager, "users", "owner", &["owner_id", "id"], false).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
