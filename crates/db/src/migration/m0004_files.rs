//! Files: attachments of messages, and pictures of people and rooms. Their bytes are in the file storage.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "files")
                    .col(uuid("id").primary_key())
                    .col(uuid("uploader_id"))
                    .col(string_len("purpose", 16))
                    .col(uuid_null("message_id"))
                    .col(small_integer("position"))
                    .col(string_len("name", 255))
                    .col(big_integer("size"))
                    .col(string_len("content_type", 127))
                    .col(integer_null("width"))
                    .col(integer_null("height"))
                    .col(text_null("thumbhash"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "files", "message", &["message_id", "position"], false).await
    }
}
