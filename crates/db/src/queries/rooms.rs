//! Rooms, and what a viewer sees of them.

mod views;

use std::collections::HashMap;

use charla_protocol::{RoomId, UserId, events::RoomRevision};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    LIST, contains,
    paging::{Ask, Page, key},
    unread::{self, Readers},
};
use crate::{
    Pair, Result, fold,
    lists::padded,
    tables::{room_members, rooms},
};

pub use views::{wire, wire_for_each};

/// The slug of two people's direct room: their usernames.
pub fn direct_slug(one: &str, other: &str) -> String {
    let mut names = [one, other];
    names.sort_unstable();
    names.join("--")
}

/// The key of the one direct room of two people.
pub fn direct_key(one: UserId, other: UserId) -> String {
    let Pair { low, high } = Pair::of(one, other);
    format!("{low}_{high}")
}

/// The two people of such a key.
pub(super) fn pair_of(direct_key: &str) -> Option<Pair> {
    let (low, high) = direct_key.split_once('_')?;
    Some(Pair::of(UserId(low.parse().ok()?), UserId(high.parse().ok()?)))
}

/// # Errors
/// `Duplicate` where it is a direct room and the pair has one.
pub async fn insert(tx: &impl ConnectionTrait, room: rooms::Model) -> Result<()> {
    rooms::Entity::insert(room.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: RoomId) -> Result<Option<rooms::Model>> {
    Ok(rooms::Entity::find_by_id(id.0).one(db).await?)
}

/// # Errors
/// Those of the database.
pub async fn find_direct(
    db: &impl ConnectionTrait,
    one: UserId,
    other: UserId,
) -> Result<Option<rooms::Model>> {
    Ok(rooms::Entity::find().filter(rooms::Column::DirectKey.eq(direct_key(one, other))).one(db).await?)
}

/// The same, with the row locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn lock_direct(tx: &impl ConnectionTrait, pair: Pair) -> Result<Option<rooms::Model>> {
    let key = direct_key(pair.low, pair.high);
    Ok(rooms::Entity::find().filter(rooms::Column::DirectKey.eq(key)).lock_exclusive().one(tx).await?)
}

/// Locks these rooms, whose ids are in order.
///
/// # Errors
/// Those of the database.
pub(super) async fn lock(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    for ids in ids.chunks(LIST) {
        rooms::Entity::find()
            .filter(rooms::Column::Id.is_in(padded(ids.iter().copied())))
            .order_by_asc(rooms::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
    }
    Ok(())
}

/// Writes what an admin may change. The caller holds the room's lock.
///
/// # Errors
/// Those of the database.
pub async fn update(tx: &impl ConnectionTrait, room: &rooms::Model) -> Result<()> {
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Name, Expr::value(room.name.clone()))
        .col_expr(rooms::Column::NameKey, Expr::value(room.name_key.as_str()))
        .col_expr(rooms::Column::Slug, Expr::value(room.slug.as_str()))
        .col_expr(rooms::Column::Topic, Expr::value(room.topic.as_str()))
        .col_expr(rooms::Column::Visibility, Expr::value(room.visibility.as_str()))
        .col_expr(rooms::Column::History, Expr::value(room.history.as_str()))
        .col_expr(rooms::Column::SlowMode, Expr::value(room.slow_mode))
        .col_expr(rooms::Column::AvatarId, Expr::value(room.avatar_id))
        .col_expr(rooms::Column::IsActive, Expr::value(room.is_active))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether one of the rooms can be seen by everybody.
///
/// # Errors
/// Those of the database.
pub async fn is_any_public(db: &impl ConnectionTrait, ids: &[RoomId]) -> Result<bool> {
    let found: Option<Uuid> = rooms::Entity::find()
        .select_only()
        .column(rooms::Column::Id)
        .filter(rooms::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(rooms::Column::Visibility.eq("public"))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The ids of all rooms of the user.
///
/// # Errors
/// Those of the database.
pub async fn ids_of_user(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<RoomId>> {
    let ids: Vec<Uuid> = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .filter(room_members::Column::UserId.eq(user.0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

/// A room that somebody is in, as their sockets follow it.
#[derive(Clone, Copy, Debug)]
pub struct Followed {
    pub user: UserId,
    pub room: RoomId,
    /// The seq up to which it is hidden from them.
    pub hidden_seq: i64,
    pub revision: i64,
}

/// The rooms that these readers are in.
///
/// # Errors
/// Those of the database.
pub async fn followed(db: &impl ConnectionTrait, readers: Readers<'_>) -> Result<Vec<Followed>> {
    let rows: Vec<(Uuid, Uuid, i64, i64)> = room_members::Entity::find()
        .select_only()
        .columns([
            room_members::Column::UserId,
            room_members::Column::RoomId,
            room_members::Column::HiddenSeq,
        ])
        .column(rooms::Column::Revision)
        .inner_join(rooms::Entity)
        .filter(readers.memberships(db))
        .into_tuple()
        .all(db)
        .await?;
    let followed = |(user, room, hidden_seq, revision)| Followed {
        user: UserId(user),
        room: RoomId(room),
        hidden_seq,
        revision,
    };
    Ok(rows.into_iter().map(followed).collect())
}

/// The revisions of these rooms.
///
/// # Errors
/// Those of the database.
pub async fn revisions_of(db: &impl ConnectionTrait, ids: &[RoomId]) -> Result<Vec<(RoomId, i64)>> {
    let rows: Vec<(Uuid, i64)> = rooms::Entity::find()
        .select_only()
        .columns([rooms::Column::Id, rooms::Column::Revision])
        .filter(rooms::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(room, revision)| (RoomId(room), revision)).collect())
}

/// The revision and unread count of the rooms that these readers are in.
///
/// # Errors
/// Those of the database.
pub async fn revisions(
    db: &impl ConnectionTrait,
    readers: Readers<'_>,
) -> Result<Vec<(UserId, RoomRevision)>> {
    let followed = followed(db, readers).await?;
    let left = unread::left(db, readers).await?;
    let revision = |Followed { user, room, revision, .. }: Followed| {
        let (unread_count, mention_count) = left.of(room, user);
        (user, RoomRevision { id: room, revision, unread_count, mention_count })
    };
    Ok(followed.into_iter().map(revision).collect())
}

/// The user's rooms, latest activity first. A position is a room's activity and its id.
///
/// # Errors
/// Those of the database.
pub async fn of_user(
    db: &impl ConnectionTrait,
    user: UserId,
    ask: Ask<(i64, RoomId)>,
) -> Result<Page<(rooms::Model, Option<room_members::Model>)>> {
    let keys = [
        key((rooms::Entity, rooms::Column::LastActivityAt), Order::Desc),
        key((rooms::Entity, rooms::Column::Id), Order::Desc),
    ];
    let ask = ask.by(|(at, id)| [at.into(), id.0.into()]);
    let query = rooms::Entity::find()
        .find_also_related(room_members::Entity)
        .filter(room_members::Column::UserId.eq(user.0));
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}

/// Open public rooms by name, those whose name has the text in it. A position is a room's folded name and its id.
///
/// # Errors
/// Those of the database.
pub async fn public(
    db: &impl ConnectionTrait,
    search: &str,
    ask: Ask<(String, RoomId)>,
) -> Result<Page<rooms::Model>> {
    let mut query = rooms::Entity::find()
        .filter(rooms::Column::Visibility.eq("public"))
        .filter(rooms::Column::IsActive.eq(true));
    if !search.is_empty() {
        query = query.filter(rooms::Column::NameKey.like(contains(&fold::search_key(search))));
    }
    let keys = [key(rooms::Column::NameKey, Order::Asc), key(rooms::Column::Id, Order::Asc)];
    let ask = ask.by(|(name, id)| [name.into(), id.0.into()]);
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}

/// The user's memberships in these rooms.
///
/// # Errors
/// Those of the database.
pub async fn memberships(
    db: &impl ConnectionTrait,
    user: UserId,
    rooms: &[rooms::Model],
) -> Result<HashMap<Uuid, room_members::Model>> {
    let rows = room_members::Entity::find()
        .filter(room_members::Column::UserId.eq(user.0))
        .filter(room_members::Column::RoomId.is_in(padded(rooms.iter().map(|room| room.id))))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.room_id, row)).collect())
}
