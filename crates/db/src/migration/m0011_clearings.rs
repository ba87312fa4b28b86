//! What people have cleared of rooms that they have left since.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_clearings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "clearings")
                    .col(uuid("room_id"))
                    .col(uuid("user_id"))
                    .col(big_integer("seq"))
                    .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("user_id")))
                    .to_owned(),
            )
            .await?;
        index(manager, "clearings", "user", &["user_id"], false).await
    }
}
