//! Who has read what: how many, from the marks of a room; who and when, from the steps of its members.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{Timestamp, UserId, messages::MessageRead};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order,
    QueryFilter, QueryResult, QuerySelect,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    blocks, members,
    paging::{Ask, Page, key},
    summaries,
};
use crate::{
    Result,
    columns::Columns,
    dialect,
    tables::{messages, read_marks, read_steps, room_members, users},
};

/// What it takes to say how many have read each of some messages.
#[derive(Debug, Default)]
pub struct ReadCounts {
    /// The marks of each room that matter, by seq.
    marks: HashMap<Uuid, Vec<(i64, i64)>>,
    /// Where the senders joined and where they stand, by room and user.
    senders: HashMap<(Uuid, Uuid), (i64, i64)>,
}

impl ReadCounts {
    /// How many others have read the message. Who joined after it does not count.
    pub fn of(&self, row: &messages::Model) -> u64 {
        let marks = self.marks.get(&row.room_id).into_iter().flatten();
        let all: i64 = marks.filter(|(seq, _)| *seq >= row.seq).map(|(_, readers)| readers).sum();
        let own = self
            .senders
            .get(&(row.room_id, row.sender_id))
            .is_some_and(|(joined_seq, last_read_seq)| *joined_seq < row.seq && *last_read_seq >= row.seq);
        (all - i64::from(own)).unsigned_abs()
    }
}

/// Where a sender stands in a room, or a mark of it.
struct Place {
    room: Uuid,
    sender: Option<Uuid>,
    /// Where the sender joined, or the seq of the mark.
    seq: i64,
    /// Where the sender stands, or the readers of the mark.
    value: i64,
}

impl FromQueryResult for Place {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let mut columns = Columns::of(row);
        Ok(Self {
            room: columns.take()?,
            sender: columns.take()?,
            seq: columns.take()?,
            value: columns.take()?,
        })
    }
}

/// Loads what says how many have read these messages, with one statement. Members who keep their receipts to themselves do not count.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, rows: &[messages::Model]) -> Result<ReadCounts> {
    let mut spans: HashMap<Uuid, (i64, i64)> = HashMap::new();
    for row in rows {
        let (first, last) = spans.entry(row.room_id).or_insert((row.seq, row.seq));
        (*first, *last) = (Ord::min(*first, row.seq), Ord::max(*last, row.seq));
    }
    let mut counts = ReadCounts::default();
    if spans.is_empty() {
        return Ok(counts);
    }
    let backend = db.get_database_backend();
    let mut query = senders(db, rows);
    for (room, (first, last)) in spans {
        query.union(UnionType::All, marks_between(room, first, last));
        query.union(UnionType::All, marks_after(backend, room, last));
    }
    for place in Place::find_by_statement(backend.build(&query)).all(db).await? {
        match place.sender {
            Some(sender) => drop(counts.senders.insert((place.room, sender), (place.seq, place.value))),
            None => counts.marks.entry(place.room).or_default().push((place.seq, place.value)),
        }
    }
    Ok(counts)
}

/// The room's marks between these seqs.
fn marks_between(room: Uuid, first: i64, last: i64) -> SelectStatement {
    Query::select()
        .column(read_marks::Column::RoomId)
        .expr(Expr::cust("NULL"))
        .columns([read_marks::Column::Seq, read_marks::Column::Readers])
        .from(read_marks::Entity)
        .and_where(read_marks::Column::RoomId.eq(room))
        .and_where(read_marks::Column::Seq.between(first, last))
        .to_owned()
}

/// The room's marks past a seq as one.
fn marks_after(backend: DbBackend, room: Uuid, last: i64) -> SelectStatement {
    Query::select()
        .column(read_marks::Column::RoomId)
        .expr(Expr::cust("NULL"))
        .expr(Expr::col(read_marks::Column::Seq).max())
        .expr(dialect::sum(backend, Expr::col(read_marks::Column::Readers)))
        .from(read_marks::Entity)
        .and_where(read_marks::Column::RoomId.eq(room))
        .and_where(read_marks::Column::Seq.gt(last))
        .group_by_col(read_marks::Column::RoomId)
        .to_owned()
}

/// Where those stand who have sent these messages, and share it.
fn senders(db: &impl ConnectionTrait, rows: &[messages::Model]) -> SelectStatement {
    use room_members::Column;
    let keys: BTreeSet<(Uuid, Uuid)> = rows.iter().map(|row| (row.room_id, row.sender_id)).collect();
    let is_sender =
        Expr::col((users::Entity, users::Column::Id)).equals((room_members::Entity, Column::UserId));
    Query::select()
        .columns(
            [Column::RoomId, Column::UserId, Column::JoinedSeq, Column::LastReadSeq]
                .map(|column| (room_members::Entity, column)),
        )
        .from(room_members::Entity)
        .inner_join(users::Entity, is_sender)
        .and_where(users::Column::SendReadReceipts.eq(true))
        .and_where(members::these(db, keys))
        .to_owned()
}

/// Who has read the message, and when, the first reader first. Its sender does not count, nor who joined after it, nor whom a
/// block parts from `viewer`. A position is that time and the reader.
///
/// # Errors
/// Those of the database.
pub async fn readers(
    db: &impl ConnectionTrait,
    row: &messages::Model,
    viewer: UserId,
    ask: Ask<(i64, UserId)>,
) -> Result<Page<MessageRead>> {
    let first = Expr::col((read_steps::Entity, read_steps::Column::ReadAt)).min();
    let keys =
        [(first.clone(), Order::Asc), key((read_steps::Entity, read_steps::Column::UserId), Order::Asc)];
    let ask = ask.by(|(at, user)| [at.into(), user.0.into()]);
    let membership = room_members::Entity::belongs_to(read_steps::Entity)
        .from((room_members::Column::RoomId, room_members::Column::UserId))
        .to((read_steps::Column::RoomId, read_steps::Column::UserId))
        .into();
    let reader = users::Entity::belongs_to(read_steps::Entity)
        .from(users::Column::Id)
        .to(read_steps::Column::UserId)
        .into();
    let query = read_steps::Entity::find()
        .select_only()
        .column(read_steps::Column::UserId)
        .expr_as(first, "first_read_at")
        .join_rev(JoinType::InnerJoin, membership)
        .join_rev(JoinType::InnerJoin, reader)
        .filter(read_steps::Column::RoomId.eq(row.room_id))
        .filter(read_steps::Column::Seq.gte(row.seq))
        .filter(read_steps::Column::UserId.ne(row.sender_id))
        .filter(read_steps::Column::UserId.not_in_subquery(blocks::parted_from(viewer)))
        .filter(room_members::Column::JoinedSeq.lt(row.seq))
        .filter(users::Column::SendReadReceipts.eq(true))
        .group_by(read_steps::Column::UserId)
        .having(ask.condition(&keys));
    let found: Page<(Uuid, i64)> = ask.page(ask.ordered(query, &keys).into_tuple().all(db).await?);
    let people = summaries::of(db, found.rows.iter().map(|(user, _)| *user)).await?;
    let reads = found.rows.into_iter().filter_map(|(user, at)| {
        let user = people.get(&user)?.clone();
        Some(MessageRead { user, read_at: Timestamp::from_millis(at) })
    });
    Ok(Page { rows: reads.collect(), has_previous: found.has_previous, has_next: found.has_next })
}
