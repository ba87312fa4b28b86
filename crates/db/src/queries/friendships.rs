//! Who is friends with whom. Who writes here holds the locks of both people's rows.

use std::collections::HashSet;

use charla_protocol::{Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, JoinType, Order, QueryFilter,
    QueryTrait, Select,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::paging::{Ask, Page, key};
use crate::{
    Pair, Result,
    lists::padded,
    tables::{friendships, users},
};

/// # Errors
/// `Duplicate` where the two are friends already.
pub async fn insert(tx: &impl ConnectionTrait, pair: Pair, now: Timestamp) -> Result<()> {
    let row = friendships::Model { low_id: pair.low.0, high_id: pair.high.0, created_at: now.millis() };
    friendships::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// False if the two were no friends.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, pair: Pair) -> Result<bool> {
    let done = friendships::Entity::delete_by_id((pair.low.0, pair.high.0)).exec(tx).await?;
    Ok(done.rows_affected == 1)
}

/// All friends of somebody whose accounts are in use.
///
/// # Errors
/// Those of the database.
pub async fn all(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<users::Model>> {
    Ok(friends(user).all(db).await?)
}

/// The friends of many, whether their accounts are in use or not: each of these people with each of theirs.
///
/// # Errors
/// Those of the database.
pub async fn of_many(db: &impl ConnectionTrait, people: &[UserId]) -> Result<Vec<(UserId, UserId)>> {
    use friendships::Column;
    let are_these = |column: Column| column.is_in(padded(people.iter().map(|user| user.0)));
    let rows = friendships::Entity::find().filter(are_these(Column::LowId).or(are_these(Column::HighId)));
    let both = |row: friendships::Model| [(row.low_id, row.high_id), (row.high_id, row.low_id)];
    let pairs =
        rows.all(db).await?.into_iter().flat_map(both).map(|(one, other)| (UserId(one), UserId(other)));
    let people: HashSet<UserId> = people.iter().copied().collect();
    Ok(pairs.filter(|(one, _)| people.contains(one)).collect())
}

/// Friends by username. A position is the folded username.
///
/// # Errors
/// Those of the database.
pub async fn page(db: &impl ConnectionTrait, user: UserId, ask: Ask<String>) -> Result<Page<users::Model>> {
    let keys = [key(users::Column::UsernameKey, Order::Asc)];
    let ask = ask.by(|name| [name.into()]);
    Ok(ask.page(ask.apply(friends(user), &keys).all(db).await?))
}

/// Joined with the ids rather than looked up among them: MySQL would look for each user there is.
fn friends(user: UserId) -> Select<users::Entity> {
    let mut friends = users::Entity::find().filter(users::Column::IsActive.eq(true));
    let is_friend = Expr::col(("friends", "id")).equals((users::Entity, users::Column::Id));
    QueryTrait::query(&mut friends).join_subquery(JoinType::InnerJoin, ids(user), "friends", is_friend);
    friends
}

fn ids(user: UserId) -> SelectStatement {
    let side = |mine: friendships::Column, theirs: friendships::Column| {
        let mut ids = Query::select();
        ids.expr_as(Expr::col(theirs), "id").from(friendships::Entity).and_where(mine.eq(user.0));
        ids
    };
    let mut ids = side(friendships::Column::LowId, friendships::Column::HighId);
    ids.union(UnionType::All, side(friendships::Column::HighId, friendships::Column::LowId)).to_owned()
}
