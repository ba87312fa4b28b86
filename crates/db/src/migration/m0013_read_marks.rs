//! How many have read what, counted once for all who look.

use sea_orm_migration::{prelude::*, schema::*};

use crate::dialect;

pub(super) struct Migration;

/// Each member who shares their receipts has read what lies between where they joined and where they stand.
const COUNT: &str = "
    INSERT INTO read_marks (room_id, seq, readers)
    SELECT room_id, seq, SUM(readers) FROM (
        SELECT room_id, last_read_seq AS seq, 1 AS readers FROM room_members
        JOIN users ON users.id = user_id WHERE last_read_seq > joined_seq AND send_read_receipts = TRUE
        UNION ALL
        SELECT room_id, joined_seq AS seq, -1 AS readers FROM room_members
        JOIN users ON users.id = user_id WHERE last_read_seq > joined_seq AND send_read_receipts = TRUE
    ) AS ends
    GROUP BY room_id, seq HAVING SUM(readers) <> 0";

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_read_marks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut marks = dialect::table(manager, "read_marks");
        marks
            .col(uuid("room_id"))
            .col(big_integer("seq"))
            .col(big_integer("readers"))
            .primary_key(Index::create().col(Alias::new("room_id")).col(Alias::new("seq")));
        dialect::stored_by_key(manager, &mut marks);
        manager.create_table(marks).await?;
        manager.get_connection().execute_unprepared(COUNT).await.map(drop)
    }
}
