//! Mails that wait to be sent, and what the links in mails are good for.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_mail"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "mails")
                    .col(uuid("id").primary_key())
                    .col(string_len("kind", 32))
                    .col(uuid_null("user_id"))
                    .col(string_len("address", 254))
                    .col(string_len("language", 8))
                    .col(text("facts"))
                    .col(integer("attempts"))
                    .col(big_integer("created_at"))
                    .col(big_integer("due_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "mails", "due", &["due_at", "id"], false).await?;
        index(manager, "mails", "user", &["user_id"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "link_tokens")
                    .col(dialect::key(manager, "hash", 64).not_null().primary_key())
                    .col(string_len("purpose", 16))
                    .col(uuid("user_id"))
                    .col(string_len("email_key", 254))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "link_tokens", "user", &["user_id"], false).await?;
        index(manager, "link_tokens", "expiry", &["expires_at"], false).await
    }
}
