//! Reading a whole table.

use std::pin::pin;

use futures_util::{Stream, StreamExt, TryStreamExt};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, ExprTrait, StreamTrait,
    sea_query::{Alias, Asterisk, Expr, Query, SelectStatement},
};

use super::{Digest, Row, Table, target::UNFINISHED};
use crate::Result;

/// All rows of a table, in no order. They come as they are asked for: no more than a few of them are held.
///
/// # Errors
/// Those of the database.
pub async fn rows<'a>(
    tx: &'a DatabaseTransaction,
    table: &'a Table,
) -> Result<impl Stream<Item = Result<Row>> + 'a> {
    let mut select = select_from(table);
    select.columns(table.column_idens());
    let found = tx.stream(&select).await?;
    Ok(found.map(move |row| table.read(&row?)))
}

/// How many rows a table has.
///
/// # Errors
/// Those of the database.
pub async fn count(tx: &DatabaseTransaction, table: &Table) -> Result<u64> {
    let mut select = select_from(table);
    select.expr(Expr::col(Asterisk).count());
    let found = tx.query_one(&select).await?;
    let count: Option<i64> = found.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// The mark of a database that is being filled is no row of it.
fn select_from(table: &Table) -> SelectStatement {
    let mut select = Query::select();
    select.from(table.iden());
    if table.name == "server_state" {
        select.and_where(Expr::col(Alias::new("name")).ne(UNFINISHED));
    }
    select
}

/// What a table comes to. `tell` hears of each row.
///
/// # Errors
/// Those of the database.
pub async fn digest(tx: &DatabaseTransaction, table: &Table, mut tell: impl FnMut()) -> Result<Digest> {
    let (mut digest, mut line) = (Digest::default(), Vec::new());
    let mut rows = pin!(rows(tx, table).await?);
    while let Some(row) = rows.try_next().await? {
        line.clear();
        table.write_line(&row, &mut line);
        digest.add(&line);
        tell();
    }
    Ok(digest)
}
