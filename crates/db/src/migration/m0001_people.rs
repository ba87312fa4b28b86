//! Accounts, their sessions, and what the server remembers of itself.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "users")
                    .col(uuid("id").primary_key())
                    .col(string_len("username", 64))
                    .col(dialect::key(manager, "username_key", 200).not_null())
                    .col(string_len_null("email", 254))
                    .col(dialect::key(manager, "email_key", 254).null())
                    .col(big_integer_null("email_verified_at"))
                    .col(string_len("password_hash", 255))
                    .col(string_len("display_name", 100))
                    .col(dialect::key(manager, "display_name_key", 400).not_null())
                    .col(text("bio"))
                    .col(string_len_null("phone_number", 16))
                    .col(uuid_null("avatar_id"))
                    .col(string_len_null("language", 8))
                    .col(string_len("direct_messages", 16))
                    .col(boolean("show_last_seen"))
                    .col(boolean("send_read_receipts"))
                    .col(boolean("is_active"))
                    .col(boolean("is_staff"))
                    .col(boolean("is_superuser"))
                    .col(big_integer("date_joined"))
                    .col(big_integer_null("last_seen"))
                    .col(big_integer_null("deleted_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "users", "username_key", &["username_key"], true).await?;
        index(manager, "users", "email_key", &["email_key"], true).await?;
        index(manager, "users", "display_name_key", &["display_name_key"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "sessions")
                    .col(uuid("id").primary_key())
                    .col(uuid("user_id"))
                    .col(uuid("refresh_id"))
                    .col(string_len("user_agent", 255))
                    .col(string_len_null("ip_address", 45))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_used_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("ended_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("sessions_user")
                            .from(Alias::new("sessions"), Alias::new("user_id"))
                            .to(Alias::new("users"), Alias::new("id")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "sessions", "user_id", &["user_id"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "server_state")
                    .col(dialect::key(manager, "name", 64).not_null().primary_key())
                    .col(text("value"))
                    .to_owned(),
            )
            .await
    }
}
