//! The index of what messages say. It is empty at first: the server fills it while it runs.

use sea_orm_migration::{prelude::*, schema::*};

use super::index;
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                dialect::table(manager, "search_rooms")
                    .col(uuid("room_id").primary_key())
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                dialect::table(manager, "search_segments")
                    .col(uuid("id").primary_key())
                    .col(uuid("room_id"))
                    .col(big_integer("number"))
                    .col(big_integer("oldest"))
                    .col(big_integer("newest"))
                    .col(blob("times"))
                    .to_owned(),
            )
            .await?;
        index(manager, "search_segments", "room_number", &["room_id", "number"], true).await?;

        let mut words = dialect::table(manager, "search_words");
        words
            .col(uuid("segment_id"))
            .col(dialect::key(manager, "word", 64).not_null())
            .col(blob("hits"))
            .primary_key(Index::create().col(Alias::new("segment_id")).col(Alias::new("word")));
        dialect::stored_by_key(manager, &mut words);
        manager.create_table(words).await
    }
}
