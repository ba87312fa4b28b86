//! What staff impose on people.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_sanctions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["muted_until", "banned_until"] {
            let mut users = Table::alter().table("users").to_owned();
            manager.alter_table(users.add_column(big_integer_null(column)).to_owned()).await?;
        }
        manager
            .create_table(
                dialect::table(manager, "sanctions")
                    .col(uuid("id").primary_key())
                    .col(uuid("user_id"))
                    .col(string_len("kind", 16))
                    .col(text("reason"))
                    .col(uuid("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("ends_at"))
                    .col(big_integer_null("lifted_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "sanctions", "user", &["user_id", "id"], false).await
    }
}
