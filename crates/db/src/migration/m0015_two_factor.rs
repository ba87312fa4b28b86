//! A second factor for signing in: the secret of an authenticator, recovery codes, and sign-ins that wait for a code.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_two_factor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let since = big_integer_null("two_factor_at");
        let users = Table::alter().table(Alias::new("users")).add_column(since).to_owned();
        manager.alter_table(users).await?;

        manager
            .create_table(
                dialect::table(manager, "authenticators")
                    .col(uuid("user_id").primary_key())
                    .col(string_len("secret", 255))
                    .col(big_integer("last_step"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                dialect::table(manager, "recovery_codes")
                    .col(dialect::key(manager, "hash", 64).not_null().primary_key())
                    .col(uuid("user_id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "recovery_codes", "user", &["user_id"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "pending_sign_ins")
                    .col(dialect::key(manager, "hash", 64).not_null().primary_key())
                    .col(uuid("user_id"))
                    .col(string_len("password_digest", 64))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "pending_sign_ins", "user", &["user_id"], false).await?;
        index(manager, "pending_sign_ins", "expiry", &["expires_at"], false).await
    }
}
