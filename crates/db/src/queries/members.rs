//! Who belongs to a room. Who writes here holds the lock of the room's row.

use std::collections::HashMap;

use charla_protocol::{
    RoomId, Timestamp, UserId,
    members::{Member, Role},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    LIST, blocks, clearings, drafts,
    paging::{Ask, Page, key},
    read_marks, users,
};
use crate::{
    Error, Result,
    dialect::{any_key, insert_all},
    lists::padded,
    tables::{
        read_steps,
        room_members::{self, role_number},
        rooms,
        users::{Entity as User, Model as UserModel},
    },
};

/// A new member who has nothing to read yet.
pub fn newcomer(room: &rooms::Model, user: UserId, role: Role, now: Timestamp) -> room_members::Model {
    let sees_past = room.history() == charla_protocol::rooms::History::All;
    room_members::Model {
        room_id: room.id,
        user_id: user.0,
        role: role_number(role),
        joined_at: now.millis(),
        joined_seq: room.last_seq,
        hidden_seq: if sees_past { 0 } else { room.last_seq },
        last_read_seq: 0,
        last_read_message_id: None,
        last_read_at: None,
        notify: "all".to_owned(),
        muted_until: None,
        pinned: false,
    }
}

/// Adds members and counts them. What those who come back had cleared stays hidden from them.
///
/// # Errors
/// `Duplicate` where one is a member already, `NotFound` where an account is out of use: it may have been deleted a moment ago.
pub async fn insert(
    tx: &impl ConnectionTrait,
    room: &mut rooms::Model,
    mut members: Vec<room_members::Model>,
) -> Result<()> {
    if members.is_empty() {
        return Ok(());
    }
    let added = members.len();
    let people: Vec<UserId> = members.iter().map(|member| UserId(member.user_id)).collect();
    if users::hold_active(tx, &people).await?.len() < added {
        return Err(Error::NotFound);
    }
    clearings::restore(tx, room.id, &mut members).await?;
    insert_all(tx, members).await?;
    count(tx, room, i64::try_from(added).unwrap_or(i64::MAX)).await
}

/// Takes a member out, with what they have read and not sent: should they come back, they begin anew, but for what they have
/// cleared.
///
/// # Errors
/// Those of the database.
pub async fn delete(
    tx: &impl ConnectionTrait,
    room: &mut rooms::Model,
    member: &room_members::Model,
    person: &UserModel,
) -> Result<()> {
    let user = person.user_id();
    clearings::keep(tx, member, person).await?;
    forget_reading(tx, member).await?;
    room_members::Entity::delete_by_id((room.id, user.0)).exec(tx).await?;
    read_steps::Entity::delete_many()
        .filter(read_steps::Column::RoomId.eq(room.id))
        .filter(read_steps::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    drafts::delete(tx, user, RoomId(room.id)).await?;
    count(tx, room, -1).await
}

/// A member counts no longer among those who have read. Whether they did is asked anew: the caller may have known it before the lock.
async fn forget_reading(tx: &impl ConnectionTrait, member: &room_members::Model) -> Result<()> {
    let mut marks = read_marks::Changes::default();
    if users::shares(tx, &[UserId(member.user_id)]).await?.iter().any(|(_, receipts, _)| *receipts) {
        marks.remove(member);
    }
    read_marks::store(tx, &marks).await
}

async fn count(tx: &impl ConnectionTrait, room: &mut rooms::Model, change: i64) -> Result<()> {
    room.member_count += change;
    rooms::Entity::update_many()
        .col_expr(rooms::Column::MemberCount, Expr::value(room.member_count))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<Option<room_members::Model>> {
    Ok(room_members::Entity::find_by_id((room.0, user.0)).one(db).await?)
}

/// # Errors
/// Those of the database.
pub async fn set_role(tx: &impl ConnectionTrait, room: RoomId, user: UserId, role: Role) -> Result<()> {
    room_members::Entity::update_many()
        .col_expr(room_members::Column::Role, Expr::value(role_number(role)))
        .filter(room_members::Column::RoomId.eq(room.0))
        .filter(room_members::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes a member's own choices and what is hidden from them.
///
/// # Errors
/// Those of the database.
pub async fn update_choices(tx: &impl ConnectionTrait, member: &room_members::Model) -> Result<()> {
    room_members::Entity::update_many()
        .col_expr(room_members::Column::Notify, Expr::value(member.notify.as_str()))
        .col_expr(room_members::Column::MutedUntil, Expr::value(member.muted_until))
        .col_expr(room_members::Column::Pinned, Expr::value(member.pinned))
        .col_expr(room_members::Column::HiddenSeq, Expr::value(member.hidden_seq))
        .filter(room_members::Column::RoomId.eq(member.room_id))
        .filter(room_members::Column::UserId.eq(member.user_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Who takes over when the owner leaves: the admin who has been there longest, else the member.
///
/// # Errors
/// Those of the database.
pub async fn heir(tx: &impl ConnectionTrait, room: RoomId, owner: UserId) -> Result<Option<UserId>> {
    let heir = room_members::Entity::find()
        .filter(room_members::Column::RoomId.eq(room.0))
        .filter(room_members::Column::UserId.ne(owner.0))
        .order_by_desc(room_members::Column::Role)
        .order_by_asc(room_members::Column::JoinedAt)
        .order_by_asc(room_members::Column::UserId)
        .limit(1)
        .one(tx)
        .await?;
    Ok(heir.map(|member| UserId(member.user_id)))
}

/// Which of the users are in the room.
///
/// # Errors
/// Those of the database.
pub async fn present(db: &impl ConnectionTrait, room: RoomId, users: &[UserId]) -> Result<Vec<UserId>> {
    let ids: Vec<Uuid> = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::UserId)
        .filter(room_members::Column::RoomId.eq(room.0))
        .filter(room_members::Column::UserId.is_in(padded(users.iter().map(|user| user.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Those of the users who are in the room, each with the seq up to which it is hidden from them.
///
/// # Errors
/// Those of the database.
pub async fn hidden_seqs(
    db: &impl ConnectionTrait,
    room: RoomId,
    users: &[UserId],
) -> Result<HashMap<UserId, i64>> {
    use room_members::Column;
    let mut hidden = HashMap::new();
    for users in users.chunks(LIST) {
        let rows: Vec<(Uuid, i64)> = room_members::Entity::find()
            .select_only()
            .columns([Column::UserId, Column::HiddenSeq])
            .filter(Column::RoomId.eq(room.0))
            .filter(Column::UserId.is_in(padded(users.iter().map(|user| user.0))))
            .into_tuple()
            .all(db)
            .await?;
        hidden.extend(rows.into_iter().map(|(user, hidden_seq)| (UserId(user), hidden_seq)));
    }
    Ok(hidden)
}

/// Those of the users who are in the room, each with the account.
///
/// # Errors
/// Those of the database.
pub async fn with_accounts(
    db: &impl ConnectionTrait,
    room: RoomId,
    users: &[UserId],
) -> Result<Vec<(room_members::Model, UserModel)>> {
    let rows = room_members::Entity::find()
        .find_also_related(User)
        .filter(room_members::Column::RoomId.eq(room.0))
        .filter(room_members::Column::UserId.is_in(padded(users.iter().map(|user| user.0))))
        .all(db)
        .await?;
    // The row of a user is never deleted, so that nobody is left out here.
    Ok(rows.into_iter().filter_map(|(member, user)| Some((member, user?))).collect())
}

/// All memberships of these users, each with the seq up to which the room is hidden.
///
/// # Errors
/// Those of the database.
pub async fn of_users(db: &impl ConnectionTrait, users: &[UserId]) -> Result<Vec<(UserId, RoomId, i64)>> {
    use room_members::Column;
    let rows: Vec<(Uuid, Uuid, i64)> = room_members::Entity::find()
        .select_only()
        .columns([Column::UserId, Column::RoomId, Column::HiddenSeq])
        .filter(Column::UserId.is_in(padded(users.iter().map(|user| user.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(user, room, hidden_seq)| (UserId(user), RoomId(room), hidden_seq)).collect())
}

/// These memberships, by room and user; none where there are no keys.
pub(crate) fn these(db: &impl ConnectionTrait, keys: impl IntoIterator<Item = (Uuid, Uuid)>) -> Expr {
    let keys = keys.into_iter().map(|(room, user)| [room.into(), user.into()]);
    any_key(db, [room_members::Column::RoomId, room_members::Column::UserId], keys)
}

/// The membership, with its row locked until the transaction ends: it can't end before.
///
/// # Errors
/// Those of the database.
pub async fn lock(
    tx: &impl ConnectionTrait,
    room: RoomId,
    user: UserId,
) -> Result<Option<room_members::Model>> {
    Ok(room_members::Entity::find_by_id((room.0, user.0)).lock_exclusive().one(tx).await?)
}

/// Members by the time they joined, as `viewer` sees them. A position is that time and the user.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    viewer: &UserModel,
    room: RoomId,
    ask: Ask<(i64, UserId)>,
) -> Result<Page<Member>> {
    let keys = [
        key((room_members::Entity, room_members::Column::JoinedAt), Order::Asc),
        key((room_members::Entity, room_members::Column::UserId), Order::Asc),
    ];
    let ask = ask.by(|(joined_at, user)| [joined_at.into(), user.0.into()]);
    let query =
        room_members::Entity::find().filter(room_members::Column::RoomId.eq(room.0)).find_also_related(User);
    let page = ask.page(ask.apply(query, &keys).all(db).await?);
    let (has_previous, has_next) = (page.has_previous, page.has_next);
    // The row of a user is never deleted, so that nobody is left out here.
    let rows = page.rows.into_iter().filter_map(|(member, user)| Some(wire(&member, &user?, viewer)));
    let mut rows: Vec<Member> = rows.collect();
    let people: Vec<UserId> = rows.iter().map(|member| member.user.id).collect();
    let parted = blocks::parted_of(db, viewer.user_id(), &people).await?;
    rows.iter_mut().filter(|member| parted.contains(&member.user.id)).for_each(hide_cursor);
    Ok(Page { rows, has_previous, has_next })
}

/// Leaves out how far a member has read: a block parts them from the viewer.
pub fn hide_cursor(member: &mut Member) {
    (member.last_read_message_id, member.last_read_at) = (None, None);
}

/// A member as `viewer` sees them, whom no block parts from them: others' cursors only where both share their receipts.
pub fn wire(member: &room_members::Model, user: &UserModel, viewer: &UserModel) -> Member {
    let cursor = user.id == viewer.id || (user.send_read_receipts && viewer.send_read_receipts);
    Member {
        user: user.summary(),
        role: member.role(),
        joined_at: Timestamp::from_millis(member.joined_at),
        last_read_message_id: member.last_read_message_id.filter(|_| cursor).map(Into::into),
        last_read_at: member.last_read_at.filter(|_| cursor).map(Timestamp::from_millis),
    }
}
