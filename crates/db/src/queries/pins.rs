//! Pinned messages. Who writes here holds the lock of the room's row; a deleted message loses its pin in the lane.

use std::collections::HashMap;

use charla_protocol::{MessageId, RoomId, Timestamp, pins::PinnedMessage};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::assemble;
use crate::{
    Result,
    tables::{
        messages,
        pins::{self, Column},
        users::{self, Viewer},
    },
};

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, message: MessageId) -> Result<Option<pins::Model>> {
    Ok(pins::Entity::find_by_id(message.0).one(db).await?)
}

/// # Errors
/// `Duplicate` where the message is pinned already.
pub async fn insert(tx: &impl ConnectionTrait, pin: pins::Model) -> Result<()> {
    pins::Entity::insert(pin.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// False if the message was not pinned.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, message: MessageId) -> Result<bool> {
    Ok(pins::Entity::delete_by_id(message.0).exec(tx).await?.rows_affected == 1)
}

/// How many pins each of these rooms has. Rooms with none are left out.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, rooms: &[RoomId]) -> Result<HashMap<RoomId, u64>> {
    let counts = pins::Entity::find()
        .select_only()
        .column(Column::RoomId)
        .column_as(Column::MessageId.count(), "pins")
        .filter(Column::RoomId.is_in(rooms.iter().map(|room| room.0)))
        .group_by(Column::RoomId)
        .into_tuple::<(Uuid, i64)>()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(room, count)| (RoomId(room), count.unsigned_abs())).collect())
}

/// The pinned messages of a room past `hidden_seq`, the latest pin first.
///
/// # Errors
/// Those of the database.
pub async fn of_room(
    db: &impl ConnectionTrait,
    room: RoomId,
    hidden_seq: i64,
    viewer: Viewer,
) -> Result<Vec<PinnedMessage>> {
    let found = pins::Entity::find()
        .find_also_related(messages::Entity)
        .filter(Column::RoomId.eq(room.0))
        .filter(messages::Column::Seq.gt(hidden_seq))
        .order_by_desc(Column::PinnedAt)
        .order_by_desc(Column::MessageId)
        .all(db)
        .await?;
    wire(db, found.into_iter().filter_map(|(pin, row)| Some((pin, row?))).collect(), viewer).await
}

/// These pins as `viewer` sees them, in the same order.
///
/// # Errors
/// Those of the database.
pub async fn wire(
    db: &impl ConnectionTrait,
    found: Vec<(pins::Model, messages::Model)>,
    viewer: Viewer,
) -> Result<Vec<PinnedMessage>> {
    let (pins, rows): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let people = users::Entity::find()
        .filter(users::Column::Id.is_in(pins.iter().map(|pin| pin.pinned_by)))
        .all(db)
        .await?;
    let people: HashMap<Uuid, users::Model> = people.into_iter().map(|user| (user.id, user)).collect();
    let messages = assemble::messages(db, rows, viewer).await?;
    // The row of a user is never deleted, so that no pin is left out here.
    let pinned = pins.into_iter().zip(messages).filter_map(|(pin, message)| {
        let pinned_by = people.get(&pin.pinned_by)?.summary();
        Some(PinnedMessage { message, pinned_by, pinned_at: Timestamp::from_millis(pin.pinned_at) })
    });
    Ok(pinned.collect())
}
