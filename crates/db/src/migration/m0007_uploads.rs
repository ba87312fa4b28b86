//! Uploads: how long films and recordings take, the smaller copies of pictures, and what finds files that nobody needs.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_uploads"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [
            big_integer_null("duration_ms"),
            big_integer_null("small_size"),
            string_len_null("small_type", 127),
            big_integer_null("large_size"),
            string_len_null("large_type", 127),
        ] {
            manager.alter_table(Table::alter().table("files").add_column(column).to_owned()).await?;
        }
        index(manager, "files", "uploader", &["uploader_id", "message_id"], false).await?;
        index(manager, "files", "purpose", &["purpose", "message_id"], false).await
    }
}
