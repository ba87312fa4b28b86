//! Reactions to messages.

use sea_orm_migration::{prelude::*, schema::*};

use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_reactions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "reactions")
                    .col(uuid("message_id"))
                    .col(dialect::key(manager, "emoji", 64).not_null())
                    .col(uuid("user_id"))
                    .col(big_integer("created_at"))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("message_id"))
                            .col(Alias::new("emoji"))
                            .col(Alias::new("user_id")),
                    )
                    .to_owned(),
            )
            .await
    }
}
