//! Messages as they are read for a page: with what one statement brings along.

use std::collections::HashMap;

use charla_protocol::users::UserSummary;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryResult, QuerySelect, Select,
    sea_query::{Asterisk, Expr, Query},
};
use uuid::Uuid;

use super::summaries;
use crate::{
    Result,
    columns::Columns,
    lists::padded,
    tables::{messages, users},
};

/// A message, and what stands beside it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub row: messages::Model,
    pub sender: UserSummary,
    /// Answers that are not deleted.
    pub reply_count: u64,
}

/// A query for messages that reads as [`Listed`].
pub(super) fn select() -> Select<messages::Entity> {
    beside(messages::Entity::find())
}

/// The same of messages that have been read, in the same order. What is not in the database is left out.
///
/// # Errors
/// Those of the database.
pub(super) async fn of(db: &impl ConnectionTrait, rows: Vec<messages::Model>) -> Result<Vec<Listed>> {
    let ids = padded(rows.iter().map(|row| row.id));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = messages::Entity::find().select_only().column(messages::Column::Id);
    let found = beside(query).filter(messages::Column::Id.is_in(ids)).into_model::<Beside>().all(db).await?;
    let found: HashMap<Uuid, Beside> = found.into_iter().map(|beside| (beside.message, beside)).collect();
    let listed = rows.into_iter().filter_map(|row| {
        let Beside { sender, reply_count, .. } = found.get(&row.id)?.clone();
        Some(Listed { row, sender, reply_count })
    });
    Ok(listed.collect())
}

/// Adds the columns that [`read_beside`] reads.
fn beside(query: Select<messages::Entity>) -> Select<messages::Entity> {
    let sender = messages::Entity::belongs_to(users::Entity)
        .from(messages::Column::SenderId)
        .to(users::Column::Id)
        .into();
    let mut replies = Query::select();
    replies
        .expr(Expr::col(Asterisk).count())
        .from_as(messages::Entity, "replies")
        .and_where(
            Expr::col(("replies", messages::Column::ReplyToId))
                .equals((messages::Entity, messages::Column::Id)),
        )
        .and_where(Expr::col(("replies", messages::Column::DeletedAt)).is_null());
    query
        .join(JoinType::InnerJoin, sender)
        .columns(summaries::COLUMNS)
        .expr_as(Expr::from(replies), "reply_count")
}

fn read_beside(columns: &mut Columns<'_>) -> Result<(UserSummary, u64), DbErr> {
    Ok((summaries::read(columns)?, columns.take::<i64>()?.unsigned_abs()))
}

#[derive(Clone)]
struct Beside {
    message: Uuid,
    sender: UserSummary,
    reply_count: u64,
}

impl FromQueryResult for Beside {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let mut columns = Columns::of(row);
        let message = columns.take()?;
        let (sender, reply_count) = read_beside(&mut columns)?;
        Ok(Self { message, sender, reply_count })
    }
}

impl FromQueryResult for Listed {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let mut columns = Columns::of(row);
        let row = messages::Model::read(&mut columns)?;
        let (sender, reply_count) = read_beside(&mut columns)?;
        Ok(Self { row, sender, reply_count })
    }
}
