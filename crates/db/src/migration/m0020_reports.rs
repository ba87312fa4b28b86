//! Reports of messages and people to staff.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_reports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "reports")
                    .col(uuid("id").primary_key())
                    .col(uuid("reporter_id"))
                    .col(uuid("target_id"))
                    .col(uuid("user_id"))
                    .col(uuid_null("room_id"))
                    .col(dialect::long_text(manager, "excerpt"))
                    .col(string_len("reason", 16))
                    .col(text("note"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("resolved_at"))
                    .col(uuid_null("resolved_by"))
                    .col(string_len_null("outcome", 16))
                    .col(text("resolution"))
                    .to_owned(),
            )
            .await?;
        index(manager, "reports", "reporter", &["reporter_id", "target_id"], true).await?;
        index(manager, "reports", "user", &["user_id", "id"], false).await?;
        index(manager, "reports", "resolved", &["resolved_at", "id"], false).await
    }
}
