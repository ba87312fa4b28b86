//! Who has blocked whom. Who writes here holds the locks of both people's rows.

use std::collections::{BTreeSet, HashSet};

use charla_protocol::{RoomId, UserId, blocks::Block};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, JoinType, Order, QueryFilter,
    QuerySelect, RelationTrait,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    paging::{Ask, Page, key},
    rooms::pair_of,
};
use crate::{
    Pair, Result,
    dialect::any_key,
    lists::padded,
    tables::{
        blocks::{self, Column},
        rooms, users,
    },
};

/// # Errors
/// `Duplicate` where there is that block.
pub async fn insert(tx: &impl ConnectionTrait, block: blocks::Model) -> Result<()> {
    blocks::Entity::insert(block.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    blocker: UserId,
    blocked: UserId,
) -> Result<Option<blocks::Model>> {
    Ok(blocks::Entity::find_by_id((blocker.0, blocked.0)).one(db).await?)
}

/// False if there was no such block.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, blocker: UserId, blocked: UserId) -> Result<bool> {
    let done = blocks::Entity::delete_by_id((blocker.0, blocked.0)).exec(tx).await?;
    Ok(done.rows_affected == 1)
}

/// Whom somebody has blocked, the latest first. A position is the time and the person.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    blocker: UserId,
    ask: Ask<(i64, UserId)>,
) -> Result<Page<Block>> {
    let keys = [
        key((blocks::Entity, Column::CreatedAt), Order::Desc),
        key((blocks::Entity, Column::BlockedId), Order::Desc),
    ];
    let ask = ask.by(|(at, person)| [at.into(), person.0.into()]);
    let query = blocks::Entity::find()
        .join(JoinType::InnerJoin, blocks::Relation::Blocked.def())
        .select_also(users::Entity)
        .filter(Column::BlockerId.eq(blocker.0))
        .filter(users::Column::IsActive.eq(true));
    let page = ask.page(ask.apply(query, &keys).all(db).await?);
    let rows = page.rows.into_iter().filter_map(|(block, person)| Some(block.wire(&person?))).collect();
    Ok(Page { rows, has_previous: page.has_previous, has_next: page.has_next })
}

/// Which of these people have blocked `person`.
///
/// # Errors
/// Those of the database.
pub async fn blockers(db: &impl ConnectionTrait, person: UserId, among: &[UserId]) -> Result<Vec<UserId>> {
    let ids: Vec<Uuid> = blocks::Entity::find()
        .select_only()
        .column(Column::BlockerId)
        .filter(Column::BlockedId.eq(person.0))
        .filter(Column::BlockerId.is_in(padded(among.iter().map(|user| user.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// These people, each with everybody from whom a block parts them, whoever has set it; maybe twice.
///
/// # Errors
/// Those of the database.
pub async fn parted_of_many(db: &impl ConnectionTrait, users: &[UserId]) -> Result<Vec<(UserId, UserId)>> {
    let are_these = |column: Column| column.is_in(padded(users.iter().map(|user| user.0)));
    let rows = blocks::Entity::find()
        .filter(are_these(Column::BlockerId).or(are_these(Column::BlockedId)))
        .all(db)
        .await?;
    let both = |row: blocks::Model| [(row.blocker_id, row.blocked_id), (row.blocked_id, row.blocker_id)];
    Ok(rows.into_iter().flat_map(both).map(|(one, other)| (UserId(one), UserId(other))).collect())
}

/// The other sides of somebody's blocks.
fn others(user: UserId, rows: Vec<blocks::Model>) -> HashSet<UserId> {
    let other = |row: blocks::Model| if row.blocker_id == user.0 { row.blocked_id } else { row.blocker_id };
    rows.into_iter().map(|row| UserId(other(row))).collect()
}

/// Those of these people, a page of them, from whom a block parts somebody, whoever has set it.
///
/// # Errors
/// Those of the database.
pub async fn parted_of(
    db: &impl ConnectionTrait,
    user: UserId,
    people: &[UserId],
) -> Result<HashSet<UserId>> {
    let are_these = |column: Column| column.is_in(padded(people.iter().map(|person| person.0)));
    let has_blocked = Column::BlockerId.eq(user.0).and(are_these(Column::BlockedId));
    let is_blocked = Column::BlockedId.eq(user.0).and(are_these(Column::BlockerId));
    let rows = blocks::Entity::find().filter(has_blocked.or(is_blocked)).all(db).await?;
    Ok(others(user, rows))
}

/// The direct rooms among these, a page of them, in which a block stands between the two.
///
/// # Errors
/// Those of the database.
pub async fn parted_among(db: &impl ConnectionTrait, rooms: BTreeSet<RoomId>) -> Result<HashSet<RoomId>> {
    if rooms.is_empty() {
        return Ok(HashSet::new());
    }
    let direct: Vec<(Uuid, Option<String>)> = rooms::Entity::find()
        .select_only()
        .columns([rooms::Column::Id, rooms::Column::DirectKey])
        .filter(rooms::Column::Id.is_in(padded(rooms.into_iter().map(|room| room.0))))
        .filter(rooms::Column::DirectKey.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let direct: Vec<(RoomId, Pair)> =
        direct.into_iter().filter_map(|(room, key)| Some((RoomId(room), pair_of(&key?)?))).collect();
    if direct.is_empty() {
        return Ok(HashSet::new());
    }
    let both = direct.iter().flat_map(|(_, Pair { low, high })| [[low, high], [high, low]]);
    let keys = both.map(|key| key.map(|person| person.0.into()));
    let are_between = any_key(db, [Column::BlockerId, Column::BlockedId], keys);
    let blocks = blocks::Entity::find().filter(are_between).all(db).await?;
    let parted: HashSet<Pair> =
        blocks.into_iter().map(|row| Pair::of(UserId(row.blocker_id), UserId(row.blocked_id))).collect();
    Ok(direct.into_iter().filter(|(_, pair)| parted.contains(pair)).map(|(room, _)| room).collect())
}

/// Whether a block stands between two people, whoever has set it.
///
/// # Errors
/// Those of the database.
pub async fn are_parted(db: &impl ConnectionTrait, one: UserId, other: UserId) -> Result<bool> {
    Ok(find(db, one, other).await?.is_some() || find(db, other, one).await?.is_some())
}

/// The ids of everybody from whom a block parts somebody, for a statement.
pub(super) fn parted_from(user: UserId) -> SelectStatement {
    let side = |mine: Column, theirs: Column| {
        let mut ids = Query::select();
        ids.expr(Expr::col(theirs)).from(blocks::Entity).and_where(mine.eq(user.0));
        ids
    };
    let mut ids = side(Column::BlockerId, Column::BlockedId);
    ids.union(UnionType::All, side(Column::BlockedId, Column::BlockerId)).to_owned()
}
