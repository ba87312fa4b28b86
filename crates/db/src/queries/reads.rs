//! Who has read what: everything derives from the members' read cursors and their steps.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{Timestamp, UserId, messages::MessageRead};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, QueryFilter,
    QuerySelect,
    sea_query::{Asterisk, Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    blocks, members,
    paging::{Ask, Page, key},
};
use crate::{
    Result,
    lists::padded,
    tables::{messages, read_steps, room_members, users},
};

/// Cursors of the rooms of some messages: enough to say how many have read each.
#[derive(Debug, Default)]
pub struct ReadCounts {
    /// By room.
    cursors: HashMap<Uuid, Vec<Cursors>>,
    /// Where the senders stand, by room and user.
    senders: HashMap<(Uuid, Uuid), (i64, i64)>,
}

/// Members of a room who stand at the same place, as far as these messages tell.
#[derive(Debug, FromQueryResult)]
struct Cursors {
    room_id: Uuid,
    joined_seq: i64,
    last_read_seq: i64,
    members: i64,
}

impl ReadCounts {
    /// How many others have read the message. Who joined after it does not count.
    pub fn of(&self, row: &messages::Model) -> u64 {
        let all: i64 = self.cursors.get(&row.room_id).map_or(0, |cursors| {
            cursors
                .iter()
                .filter(|at| has_read(row.seq, (at.joined_seq, at.last_read_seq)))
                .map(|at| at.members)
                .sum()
        });
        let own = self.senders.get(&(row.room_id, row.sender_id)).is_some_and(|at| has_read(row.seq, *at));
        (all - i64::from(own)).unsigned_abs()
    }
}

/// Whether who joined at the first seq and has read up to the second has read the message.
const fn has_read(seq: i64, (joined_seq, last_read_seq): (i64, i64)) -> bool {
    joined_seq < seq && last_read_seq >= seq
}

/// Loads the cursors that matter for these messages. Members who keep their receipts to themselves do not count.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, rows: &[messages::Model]) -> Result<ReadCounts> {
    let mut spans: HashMap<Uuid, (i64, i64)> = HashMap::new();
    for row in rows {
        let (first, last) = spans.entry(row.room_id).or_insert((row.seq, row.seq));
        (*first, *last) = (Ord::min(*first, row.seq), Ord::max(*last, row.seq));
    }
    let mut branches = spans.into_iter().map(|(room, (first, last))| cursors(room, first, last));
    let Some(mut query) = branches.next() else { return Ok(ReadCounts::default()) };
    for branch in branches {
        query.union(UnionType::All, branch);
    }
    let counted = Cursors::find_by_statement(db.get_database_backend().build(&query)).all(db).await?;
    let mut counts = ReadCounts::default();
    for at in counted {
        counts.cursors.entry(at.room_id).or_default().push(at);
    }
    if !counts.cursors.is_empty() {
        counts.senders = sender_cursors(db, rows).await?;
    }
    Ok(counts)
}

/// The room's members by where they stand. What lies outside the messages from `first` to `last` makes no difference,
/// so that a large room gives a few rows.
fn cursors(room: Uuid, first: i64, last: i64) -> SelectStatement {
    let member = |column: room_members::Column| Expr::col((room_members::Entity, column));
    let joined = Expr::case(member(room_members::Column::JoinedSeq).lt(first), 0_i64)
        .finally(member(room_members::Column::JoinedSeq));
    let read = Expr::case(member(room_members::Column::LastReadSeq).gt(last), last)
        .finally(member(room_members::Column::LastReadSeq));
    let mut members = Query::select();
    members
        .column((room_members::Entity, room_members::Column::RoomId))
        .expr_as(joined, "joined_seq")
        .expr_as(read, "last_read_seq")
        .from(room_members::Entity)
        .inner_join(
            users::Entity,
            Expr::col((users::Entity, users::Column::Id))
                .equals((room_members::Entity, room_members::Column::UserId)),
        )
        .and_where(member(room_members::Column::RoomId).eq(room))
        .and_where(member(room_members::Column::LastReadSeq).gte(first))
        .and_where(member(room_members::Column::JoinedSeq).lt(last))
        .and_where(Expr::col((users::Entity, users::Column::SendReadReceipts)).eq(true));
    Query::select()
        .column("room_id")
        .column("joined_seq")
        .column("last_read_seq")
        .expr_as(Expr::col(Asterisk).count(), "members")
        .from_subquery(members, "places")
        .group_by_columns(["room_id", "joined_seq", "last_read_seq"])
        .to_owned()
}

async fn sender_cursors(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<(Uuid, Uuid), (i64, i64)>> {
    let keys: BTreeSet<(Uuid, Uuid)> = rows.iter().map(|row| (row.room_id, row.sender_id)).collect();
    let cursors = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .column(room_members::Column::UserId)
        .column(room_members::Column::JoinedSeq)
        .column(room_members::Column::LastReadSeq)
        .inner_join(users::Entity)
        .filter(users::Column::SendReadReceipts.eq(true))
        .filter(members::these(db, keys))
        .into_tuple::<(Uuid, Uuid, i64, i64)>()
        .all(db)
        .await?;
    Ok(cursors.into_iter().map(|(room, user, joined, read)| ((room, user), (joined, read))).collect())
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
    let people = users::Entity::find()
        .filter(users::Column::Id.is_in(padded(found.rows.iter().map(|(user, _)| *user))))
        .all(db);
    let people: HashMap<Uuid, users::Model> = people.await?.into_iter().map(|user| (user.id, user)).collect();
    let reads = found.rows.into_iter().filter_map(|(user, at)| {
        let user = people.get(&user)?.summary();
        Some(MessageRead { user, read_at: Timestamp::from_millis(at) })
    });
    Ok(Page { rows: reads.collect(), has_previous: found.has_previous, has_next: found.has_next })
}
