//! Messages that a room keeps in sight. Pinning takes no revision: the room tells how many pins it has.

use charla_db::{
    Error as DbError, Notice, Transaction,
    queries::{self, access::Access},
    tables::{messages, pins},
};
use charla_permissions::{Denied, Permission};
use charla_protocol::{MessageId, RoomId, Timestamp, UserId, users::DirectMessages};

use super::direct_rooms::check_contact;
use crate::{App, error::Result};

/// Pins of a room at most.
const MAX_PINS: u64 = 100;

/// Pins a message; says whether it was not pinned before.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_messages_refused`; `validation_failed` where the room has as
/// many pins as it can have.
pub async fn pin(app: &App, actor: UserId, room: RoomId, message: MessageId) -> Result<bool> {
    let (now, most) = (app.clock.now(), app.config.direct_messages);
    let pinning = Pinning { actor, room, message, now };
    let is_new =
        app.lanes.exclusive(room, move |tx| Box::pin(async move { pin_in(tx, pinning, most).await })).await?;
    Ok(is_new)
}

#[derive(Clone, Copy)]
struct Pinning {
    actor: UserId,
    room: RoomId,
    message: MessageId,
    now: Timestamp,
}

async fn pin_in(
    tx: &Transaction,
    Pinning { actor, room, message, now }: Pinning,
    most: DirectMessages,
) -> charla_db::Result<(bool, Vec<Notice>)> {
    let access = queries::access::lock(tx, room, actor).await?;
    access.check(Permission::Pin)?;
    let row = seen(tx, &access, message).await?;
    // Else a pin would say what a message may not.
    if let Some(other) = access.room.other(actor.0) {
        let other = queries::users::find(tx, other.into()).await?.ok_or(DbError::NotFound)?;
        check_contact(tx, most, actor, &other).await?;
    }
    if row.deleted_at.is_some() {
        return Err(DbError::NotFound);
    }
    if row.message_type == "system" {
        return Err(Denied::Forbidden.into());
    }
    if queries::pins::find(tx, message).await?.is_some() {
        return Ok((false, Vec::new()));
    }
    if queries::pins::counts(tx, &[room]).await?.get(&room).is_some_and(|count| *count >= MAX_PINS) {
        return Err(DbError::Rejected { field: "message_id", reason: "too_many_pins" });
    }
    let pin =
        pins::Model { message_id: message.0, room_id: room.0, pinned_by: actor.0, pinned_at: now.millis() };
    queries::pins::insert(tx, pin).await?;
    Ok((true, vec![Notice::RoomUpdated(room)]))
}

/// Takes a pin away, where there is one.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`.
pub async fn unpin(app: &App, actor: UserId, room: RoomId, message: MessageId) -> Result<()> {
    app.lanes
        .exclusive(room, move |tx| {
            Box::pin(async move {
                let access = queries::access::lock(tx, room, actor).await?;
                access.check(Permission::Pin)?;
                seen(tx, &access, message).await?;
                let was_pinned = queries::pins::delete(tx, message).await?;
                Ok(((), was_pinned.then_some(Notice::RoomUpdated(room)).into_iter().collect()))
            })
        })
        .await?;
    Ok(())
}

/// A message of the room that is not hidden from the caller.
async fn seen(tx: &Transaction, access: &Access, message: MessageId) -> charla_db::Result<messages::Model> {
    let row = queries::messages::find(tx, message).await?;
    row.filter(|row| row.room_id == access.room.id && row.seq > access.hidden_seq()).ok_or(DbError::NotFound)
}
