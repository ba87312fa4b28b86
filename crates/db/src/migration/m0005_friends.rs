//! Friendships, requests for them, and blocks.
//!
//! What two people have with each other has one row for the pair, with the smaller id as `low_id`: the keys keep races
//! from making two of anything.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_friends"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "friendships")
                    .col(uuid("low_id"))
                    .col(uuid("high_id"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col(Alias::new("low_id")).col(Alias::new("high_id")))
                    .foreign_key(&mut person("friendships", "low_id"))
                    .foreign_key(&mut person("friendships", "high_id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "friendships", "high", &["high_id", "low_id"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "friend_requests")
                    .col(uuid("id").primary_key())
                    .col(uuid("low_id"))
                    .col(uuid("high_id"))
                    .col(uuid("sender_id"))
                    .col(uuid("receiver_id"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut person("friend_requests", "sender_id"))
                    .foreign_key(&mut person("friend_requests", "receiver_id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "friend_requests", "pair", &["low_id", "high_id"], true).await?;
        index(manager, "friend_requests", "sender", &["sender_id", "id"], false).await?;
        index(manager, "friend_requests", "receiver", &["receiver_id", "id"], false).await?;

        manager
            .create_table(
                dialect::table(manager, "blocks")
                    .col(uuid("blocker_id"))
                    .col(uuid("blocked_id"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col(Alias::new("blocker_id")).col(Alias::new("blocked_id")))
                    .foreign_key(&mut person("blocks", "blocker_id"))
                    .foreign_key(&mut person("blocks", "blocked_id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "blocks", "blocked", &["blocked_id", "blocker_id"], false).await?;
        index(manager, "blocks", "time", &["blocker_id", "created_at", "blocked_id"], false).await
    }
}

fn person(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new("users"), Alias::new("id"))
        .to_owned()
}
