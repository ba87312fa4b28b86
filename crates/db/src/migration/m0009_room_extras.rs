//! What grows around rooms: invites, pinned messages, drafts, and who is mentioned where.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_room_extras"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        invites(manager).await?;
        pins(manager).await?;
        drafts(manager).await?;
        mentions(manager).await
    }
}

async fn invites(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            dialect::table(manager, "invites")
                .col(uuid("id").primary_key())
                .col(dialect::key(manager, "code_hash", 43).not_null())
                .col(string_len("code", 64))
                .col(uuid_null("room_id"))
                .col(uuid("created_by"))
                .col(big_integer("created_at"))
                .col(big_integer_null("expires_at"))
                .col(big_integer_null("max_uses"))
                .col(big_integer("uses"))
                .to_owned(),
        )
        .await?;
    index(manager, "invites", "code_hash", &["code_hash"], true).await?;
    index(manager, "invites", "room", &["room_id", "id"], false).await
}

async fn pins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            dialect::table(manager, "pins")
                .col(uuid("message_id").primary_key())
                .col(uuid("room_id"))
                .col(uuid("pinned_by"))
                .col(big_integer("pinned_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "pins", "room", &["room_id", "pinned_at"], false).await
}

async fn drafts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            dialect::table(manager, "drafts")
                .col(uuid("user_id"))
                .col(uuid("room_id"))
                .col(dialect::long_text(manager, "content"))
                .col(uuid_null("reply_to_id"))
                .col(big_integer("updated_at"))
                .primary_key(Index::create().col(Alias::new("user_id")).col(Alias::new("room_id")))
                .to_owned(),
        )
        .await?;
    index(manager, "drafts", "time", &["user_id", "updated_at", "room_id"], false).await?;
    index(manager, "drafts", "room", &["room_id"], false).await
}

async fn mentions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            dialect::table(manager, "mentions")
                .col(uuid("message_id"))
                .col(uuid("user_id"))
                .col(small_integer("position"))
                .col(uuid("room_id"))
                .col(big_integer("seq"))
                .col(uuid("sender_id"))
                .primary_key(Index::create().col(Alias::new("message_id")).col(Alias::new("user_id")))
                .to_owned(),
        )
        .await?;
    // What is unread is counted from this index alone.
    index(manager, "mentions", "viewer", &["room_id", "user_id", "seq", "sender_id"], false).await
}
