//! Drafts. Who writes one holds the lock of the membership it belongs to.

use std::collections::HashSet;

use charla_protocol::{RoomId, UserId, drafts::Draft};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::paging::{Ask, Page, key};
use crate::{
    Result,
    lists::padded,
    tables::{
        drafts::{self, Column},
        messages,
    },
};

/// The user's draft in a room.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, user: UserId, room: RoomId) -> Result<Draft> {
    let found = drafts::Entity::find_by_id((user.0, room.0)).one(db).await?;
    Ok(wire(db, found.into_iter().collect()).await?.pop().unwrap_or_else(|| Draft::none(room)))
}

/// The user's drafts, the latest first. A position is the time and the room.
///
/// # Errors
/// Those of the database.
pub async fn page(db: &impl ConnectionTrait, user: UserId, ask: Ask<(i64, RoomId)>) -> Result<Page<Draft>> {
    let keys = [key(Column::UpdatedAt, Order::Desc), key(Column::RoomId, Order::Desc)];
    let ask = ask.by(|(at, room)| [at.into(), room.0.into()]);
    let query = drafts::Entity::find().filter(Column::UserId.eq(user.0));
    let found = ask.page(ask.apply(query, &keys).all(db).await?);
    let rows = wire(db, found.rows).await?;
    Ok(Page { rows, has_previous: found.has_previous, has_next: found.has_next })
}

/// What was to be answered and has been deleted since is answered no more.
async fn wire(db: &impl ConnectionTrait, rows: Vec<drafts::Model>) -> Result<Vec<Draft>> {
    let answered: Vec<Uuid> = rows.iter().filter_map(|row| row.reply_to_id).collect();
    let mut there = HashSet::new();
    if !answered.is_empty() {
        let ids = messages::Entity::find()
            .select_only()
            .column(messages::Column::Id)
            .filter(messages::Column::Id.is_in(padded(answered)))
            .filter(messages::Column::DeletedAt.is_null());
        there.extend(ids.into_tuple::<Uuid>().all(db).await?);
    }
    let answers = |row: drafts::Model| drafts::Model {
        reply_to_id: row.reply_to_id.filter(|id| there.contains(id)),
        ..row
    };
    Ok(rows.into_iter().map(|row| answers(row).wire()).collect())
}

/// Writes a draft in the place of the one there may be.
///
/// # Errors
/// Those of the database.
pub async fn replace(tx: &impl ConnectionTrait, draft: drafts::Model) -> Result<()> {
    delete(tx, UserId(draft.user_id), RoomId(draft.room_id)).await?;
    drafts::Entity::insert(draft.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// False if there was none.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, user: UserId, room: RoomId) -> Result<bool> {
    Ok(drafts::Entity::delete_by_id((user.0, room.0)).exec(tx).await?.rows_affected == 1)
}

/// Deletes all that the user has typed, in whichever room.
///
/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    drafts::Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(tx).await?;
    Ok(())
}

/// Deletes what everybody has typed in a room.
///
/// # Errors
/// Those of the database.
pub async fn delete_in(tx: &impl ConnectionTrait, room: RoomId) -> Result<()> {
    drafts::Entity::delete_many().filter(Column::RoomId.eq(room.0)).exec(tx).await?;
    Ok(())
}
