//! What the search's index knows.

use charla_db::{Connection, Db};
use sea_orm::{
    ExprTrait,
    sea_query::{Alias, Expr, Query},
};
use uuid::Uuid;

/// All that the index knows, in order: room, number of the segment, word, and its hits.
///
/// # Panics
/// Where the database does not answer.
pub async fn search_index(db: &Db) -> Vec<(Uuid, i64, String, Vec<u8>)> {
    let mut select = Query::select();
    select
        .columns(["room_id", "number", "word", "hits"].map(Alias::new))
        .from(Alias::new("search_words"))
        .inner_join(
            Alias::new("search_segments"),
            Expr::col(Alias::new("segment_id")).eq(Expr::col(Alias::new("id"))),
        );
    let rows = db.read().query_all(&select).await.expect("the index can be read");
    let read = |row: &sea_orm::QueryResult| {
        let (room, number) = (row.try_get("", "room_id")?, row.try_get("", "number")?);
        Ok((room, number, row.try_get("", "word")?, row.try_get("", "hits")?))
    };
    let index: Result<Vec<_>, sea_orm::DbErr> = rows.iter().map(read).collect();
    let mut index = index.expect("its rows are as they should be");
    index.sort();
    index
}
