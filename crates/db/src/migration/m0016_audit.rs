//! What was done by the right of an office.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_audit"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "audit_entries")
                    .col(big_integer("seq").primary_key())
                    .col(big_integer("created_at"))
                    .col(uuid_null("actor_id"))
                    .col(dialect::key(manager, "action", 64).not_null())
                    .col(string_len("target_type", 32))
                    .col(uuid("target_id"))
                    .col(text("details"))
                    .col(string_len_null("address", 45))
                    .col(uuid_null("request_id"))
                    .col(string_len("hash", 64))
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_entries", "actor", &["actor_id", "seq"], false).await?;
        index(manager, "audit_entries", "action", &["action", "seq"], false).await?;
        index(manager, "audit_entries", "target", &["target_id", "seq"], false).await
    }
}
