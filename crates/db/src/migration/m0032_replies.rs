//! Who has been answered by which message, so that one's replies are found among all messages.

use sea_orm_migration::{prelude::*, schema::*};

use crate::dialect;

pub(super) struct Migration;

const DERIVE: &str = "
    INSERT INTO replies (user_id, message_id)
    SELECT target.sender_id, answer.id FROM messages AS answer
    JOIN messages AS target ON target.id = answer.reply_to_id WHERE target.sender_id <> answer.sender_id";

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0032_replies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut replies = dialect::table(manager, "replies");
        // A page of one's replies is read from the end of this key.
        replies
            .col(uuid("user_id"))
            .col(uuid("message_id"))
            .primary_key(Index::create().col(Alias::new("user_id")).col(Alias::new("message_id")));
        dialect::stored_by_key(manager, &mut replies);
        manager.create_table(replies).await?;
        manager.get_connection().execute_unprepared(DERIVE).await.map(drop)
    }
}
