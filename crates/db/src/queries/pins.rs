//! Pinned messages. Who writes here holds the lock of the room's row; a deleted message loses its pin in the lane.

use std::collections::HashMap;

use charla_protocol::{MessageId, RoomId, Timestamp, pins::PinnedMessage};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    assemble,
    paging::{Ask, Page, key},
    summaries,
};
use crate::{
    Result,
    lists::padded,
    tables::{
        messages,
        pins::{self, Column},
        users::Viewer,
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
        .filter(Column::RoomId.is_in(padded(rooms.iter().map(|room| room.0))))
        .group_by(Column::RoomId)
        .into_tuple::<(Uuid, i64)>()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(room, count)| (RoomId(room), count.unsigned_abs())).collect())
}

/// The pinned messages of a room past `hidden_seq`, the latest pin first. A position is the time and the message.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    room: RoomId,
    hidden_seq: i64,
    viewer: Viewer,
    ask: Ask<(i64, MessageId)>,
) -> Result<Page<PinnedMessage>> {
    let keys = [
        key((pins::Entity, Column::PinnedAt), Order::Desc),
        key((pins::Entity, Column::MessageId), Order::Desc),
    ];
    let ask = ask.by(|(at, message)| [at.into(), message.0.into()]);
    let query = pins::Entity::find()
        .find_also_related(messages::Entity)
        .filter(Column::RoomId.eq(room.0))
        .filter(messages::Column::Seq.gt(hidden_seq));
    let page = ask.page(ask.apply(query, &keys).all(db).await?);
    // A pin goes with its message, so that none is left out here.
    let found = page.rows.into_iter().filter_map(|(pin, row)| Some((pin, row?))).collect();
    let rows = wire(db, found, viewer).await?;
    Ok(Page { rows, has_previous: page.has_previous, has_next: page.has_next })
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
    let people = summaries::of(db, pins.iter().map(|pin| pin.pinned_by)).await?;
    let messages = assemble::messages(db, rows, viewer).await?;
    // The row of a user is never deleted, so that no pin is left out here.
    let pinned = pins.into_iter().zip(messages).filter_map(|(pin, message)| {
        let pinned_by = people.get(&pin.pinned_by)?.clone();
        Some(PinnedMessage { message, pinned_by, pinned_at: Timestamp::from_millis(pin.pinned_at) })
    });
    Ok(pinned.collect())
}
