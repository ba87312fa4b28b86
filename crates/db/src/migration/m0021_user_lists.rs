//! What staff list accounts by.

use sea_orm_migration::prelude::*;

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_user_lists"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "users", "joined", &["date_joined", "id"], false).await?;
        index(manager, "users", "staff", &["is_staff", "date_joined", "id"], false).await?;
        index(manager, "users", "muted", &["muted_until"], false).await?;
        index(manager, "users", "banned", &["banned_until"], false).await
    }
}
