//! Rooms and their members.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_rooms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "rooms")
                    .col(uuid("id").primary_key())
                    .col(string_len("room_type", 16))
                    .col(string_len("visibility", 16))
                    .col(string_len("history", 16))
                    .col(string_len_null("name", 100))
                    .col(dialect::key(manager, "name_key", 400).not_null())
                    .col(string_len("slug", 140))
                    .col(text("topic"))
                    .col(uuid_null("avatar_id"))
                    .col(uuid_null("created_by"))
                    .col(boolean("is_active"))
                    .col(big_integer("created_at"))
                    .col(big_integer("revision"))
                    .col(big_integer("member_count"))
                    .col(uuid_null("last_message_id"))
                    .col(big_integer("last_seq"))
                    .col(big_integer("last_activity_at"))
                    .col(dialect::key(manager, "direct_key", 73).null())
                    .to_owned(),
            )
            .await?;
        index(manager, "rooms", "direct_key", &["direct_key"], true).await?;
        index(manager, "rooms", "visibility_name", &["visibility", "name_key"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "room_members")
                    .col(uuid("room_id"))
                    .col(uuid("user_id"))
                    .col(small_integer("role"))
                    .col(big_integer("joined_at"))
                    .col(big_integer("joined_seq"))
                    .col(big_integer("hidden_seq"))
                    .col(big_integer("last_read_seq"))
                    .col(uuid_null("last_read_message_id"))
                    .col(big_integer_null("last_read_at"))
                    .col(string_len("notify", 16))
                    .col(big_integer_null("muted_until"))
                    .col(boolean("pinned"))
                    .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("user_id")))
                    .foreign_key(
                        ForeignKey::create()
                            .name("room_members_room")
                            .from(Alias::new("room_members"), Alias::new("room_id"))
                            .to(Alias::new("rooms"), Alias::new("id")),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("room_members_user")
                            .from(Alias::new("room_members"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "room_members", "user", &["user_id", "room_id"], false).await?;
        index(manager, "room_members", "joined", &["room_id", "joined_at", "user_id"], false).await?;
        index(manager, "room_members", "read", &["room_id", "last_read_seq"], false).await
    }
}
