//! Messages, their earlier versions, and how far they have been read.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "messages")
                    .col(uuid("id").primary_key())
                    .col(uuid("room_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("revision"))
                    .col(uuid("sender_id"))
                    .col(string_len("message_type", 16))
                    .col(dialect::long_text(manager, "content"))
                    .col(dialect::long_text(manager, "content_html"))
                    .col(text_null("system"))
                    .col(uuid_null("reply_to_id"))
                    .col(dialect::key(manager, "client_id", 64).null())
                    .col(big_integer("created_at"))
                    .col(big_integer_null("edited_at"))
                    .col(big_integer_null("deleted_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "messages", "room_seq", &["room_id", "seq"], true).await?;
        index(manager, "messages", "room_revision", &["room_id", "revision"], true).await?;
        // The client id comes first: a batch of sends looks its client ids up with one IN list.
        index(manager, "messages", "client_id", &["client_id", "sender_id"], true).await?;
        index(manager, "messages", "reply_to", &["reply_to_id", "seq"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "message_versions")
                    .col(uuid("message_id"))
                    .col(big_integer("replaced_by"))
                    .col(dialect::long_text(manager, "content"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col(Alias::new("message_id")).col(Alias::new("replaced_by")))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                dialect::table(manager, "read_steps")
                    .col(uuid("room_id"))
                    .col(uuid("user_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("read_at"))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("room_id"))
                            .col(Alias::new("user_id"))
                            .col(Alias::new("seq")),
                    )
                    .to_owned(),
            )
            .await
    }
}
