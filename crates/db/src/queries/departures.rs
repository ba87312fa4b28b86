//! Accounts that are deleted: what goes with them.

use charla_protocol::{RoomId, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::rooms::direct_slug;
use crate::{
    Result,
    lists::padded,
    tables::{blocks, friend_requests, friendships, room_members, rooms, users},
};

/// What the username of a deleted account begins with.
pub const GONE: &str = "deleted-";
/// Rooms that a statement renames; three values each.
const RENAMED: usize = 500;

/// The groups somebody is in.
///
/// # Errors
/// Those of the database.
pub async fn groups(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<RoomId>> {
    Ok(rooms_of(db, user, "group").await?.into_iter().map(RoomId).collect())
}

async fn rooms_of(db: &impl ConnectionTrait, user: UserId, room_type: &str) -> Result<Vec<Uuid>> {
    Ok(room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .inner_join(rooms::Entity)
        .filter(room_members::Column::UserId.eq(user.0))
        .filter(rooms::Column::RoomType.eq(room_type))
        .order_by_asc(room_members::Column::RoomId)
        .into_tuple()
        .all(db)
        .await?)
}

/// Locks the direct rooms of somebody, in the order of their ids: whatever was being said in them is there by then.
/// Gives their ids.
///
/// # Errors
/// Those of the database.
pub async fn lock_direct_rooms(tx: &impl ConnectionTrait, user: UserId) -> Result<Vec<Uuid>> {
    let ids = direct_rooms(tx, user).await?;
    super::rooms::lock(tx, &ids).await?;
    Ok(ids)
}

/// Gives somebody's direct rooms, whose rows are locked, the slugs of the name that the person has from now on.
///
/// # Errors
/// Those of the database.
pub async fn rename_direct_rooms(tx: &impl ConnectionTrait, user: &users::Model, ids: &[Uuid]) -> Result<()> {
    for ids in ids.chunks(RENAMED) {
        let others: Vec<(Uuid, String)> = room_members::Entity::find()
            .select_only()
            .column(room_members::Column::RoomId)
            .column(users::Column::Username)
            .inner_join(users::Entity)
            .filter(room_members::Column::RoomId.is_in(padded(ids.iter().copied())))
            .filter(room_members::Column::UserId.ne(user.id))
            .into_tuple()
            .all(tx)
            .await?;
        let slugs = others.iter().fold(CaseStatement::new(), |case, (room, other)| {
            let slug = direct_slug(&user.username, other);
            case.case(Expr::col(rooms::Column::Id).eq(*room), Expr::value(slug))
        });
        if !others.is_empty() {
            rooms::Entity::update_many()
                .col_expr(rooms::Column::Slug, slugs.into())
                .filter(rooms::Column::Id.is_in(padded(others.iter().map(|(room, _)| *room))))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Direct rooms that are still called by the name somebody had before they deleted their account, past `after`, in the order of
/// their ids; `limit` at most. Who deletes their account now renames them at once.
///
/// # Errors
/// Those of the database.
pub async fn misnamed(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<(users::Model, Uuid)>> {
    let rows = room_members::Entity::find()
        .inner_join(rooms::Entity)
        .find_also_related(users::Entity)
        .filter(rooms::Column::RoomType.eq("direct"))
        .filter(rooms::Column::Id.gt(after))
        .filter(rooms::Column::Slug.not_like(format!("%{GONE}%")))
        .filter(users::Column::DeletedAt.is_not_null())
        .order_by_asc(room_members::Column::RoomId)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(member, user)| Some((user?, member.room_id))).collect())
}

/// The ids of somebody's direct rooms, in order.
///
/// # Errors
/// Those of the database.
pub async fn direct_rooms(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Uuid>> {
    rooms_of(db, user, "direct").await
}

/// Ends all that somebody has with others: friendships, requests for them, and blocks. Gives the others, but for those who
/// were no more than blocked or blocking.
///
/// # Errors
/// Those of the database.
pub async fn end_relations(tx: &impl ConnectionTrait, user: UserId) -> Result<Vec<UserId>> {
    use friend_requests::Column as Request;
    use friendships::Column as Friend;
    let is_friend = || Friend::LowId.eq(user.0).or(Friend::HighId.eq(user.0));
    let is_request = || Request::LowId.eq(user.0).or(Request::HighId.eq(user.0));
    let is_block = blocks::Column::BlockerId.eq(user.0).or(blocks::Column::BlockedId.eq(user.0));
    let friends = friendships::Entity::find().filter(is_friend()).all(tx).await?;
    let requests = friend_requests::Entity::find().filter(is_request()).all(tx).await?;
    friendships::Entity::delete_many().filter(is_friend()).exec(tx).await?;
    friend_requests::Entity::delete_many().filter(is_request()).exec(tx).await?;
    blocks::Entity::delete_many().filter(is_block).exec(tx).await?;
    let pairs = friends.into_iter().map(|row| (row.low_id, row.high_id));
    let pairs = pairs.chain(requests.into_iter().map(|row| (row.low_id, row.high_id)));
    Ok(pairs.map(|(low, high)| UserId(if low == user.0 { high } else { low })).collect())
}

/// Groups in which deleted accounts still are, because their departure was cut off; `limit` at most.
///
/// # Errors
/// Those of the database.
pub async fn unfinished(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<(users::Model, RoomId)>> {
    let rows = room_members::Entity::find()
        .inner_join(rooms::Entity)
        .find_also_related(users::Entity)
        .filter(rooms::Column::RoomType.eq("group"))
        .filter(users::Column::DeletedAt.is_not_null())
        .order_by_asc(room_members::Column::RoomId)
        .order_by_asc(room_members::Column::UserId)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(member, user)| Some((user?, RoomId(member.room_id)))).collect())
}
