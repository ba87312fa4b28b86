//! How long people wait between two messages in a room where that is asked of them. What is looked at are the messages themselves,
//! so that it holds over nodes, restarts, and for who has left the room and come back.

use std::collections::{BTreeSet, HashMap};

use charla_permissions::{Permission, check};
use charla_protocol::{RoomId, Timestamp, UserId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    command::{Command, Send},
    working::Working,
};
use crate::{Error, Result, lists::padded, tables::messages};

/// When somebody has last said something, by room and sender, in milliseconds; of those who have to wait.
pub(super) type LastSent = HashMap<(Uuid, Uuid), i64>;

pub(super) async fn load(
    tx: &DatabaseTransaction,
    commands: &[&Command],
    working: &Working,
    now: Timestamp,
) -> Result<LastSent> {
    let waits = commands.iter().filter_map(|command| match command {
        Command::Send(send) => Some((send, pause(working, send.room, send.sender)?)),
        _ => None,
    });
    let (mut rooms, mut senders, mut longest) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (send, pause) in waits {
        rooms.insert(send.room.0);
        senders.insert(send.sender.0);
        longest = longest.max(pause);
    }
    if senders.is_empty() {
        return Ok(LastSent::new());
    }
    // Through the index of what somebody has sent: ids begin with their time.
    let rows = messages::Entity::find()
        .select_only()
        .columns([messages::Column::RoomId, messages::Column::SenderId])
        .column_as(messages::Column::CreatedAt.max(), "last")
        .filter(messages::Column::SenderId.is_in(padded(senders)))
        .filter(messages::Column::Id.gt(first_id_of(now.plus_millis(-longest.cast_signed()))))
        .filter(messages::Column::RoomId.is_in(padded(rooms)))
        .filter(messages::Column::MessageType.ne("system"))
        .group_by(messages::Column::RoomId)
        .group_by(messages::Column::SenderId)
        .into_tuple::<(Uuid, Uuid, i64)>()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(room, sender, last)| ((room, sender), last)).collect())
}

/// Notes a message that is sent now, unless it comes too soon after the sender's last one.
///
/// # Errors
/// `TooSoon`
pub(super) fn pass(working: &mut Working, send: &Send, now: Timestamp) -> Result<()> {
    let Some(pause) = pause(working, send.room, send.sender) else { return Ok(()) };
    let key = (send.room.0, send.sender.0);
    // The last one may be from the future, where another node's clock is ahead, or this one's was set back.
    let since = working.last_sent.get(&key).map_or(u64::MAX, |last| last.abs_diff(now.millis()));
    if since < pause {
        return Err(Error::TooSoon { retry_after: (pause - since).div_ceil(1_000) });
    }
    working.last_sent.insert(key, now.millis());
    Ok(())
}

/// Milliseconds that the sender waits after a message in the room; none for who may moderate it.
fn pause(working: &Working, room: RoomId, sender: UserId) -> Option<u64> {
    let seconds = u64::from(working.rooms.get(&room.0)?.slow_mode.unsigned_abs());
    let standing = working.standing(room, sender).ok()?;
    let may_moderate = check(standing, Permission::DeleteMessage { own: false }).is_ok();
    (seconds > 0 && !may_moderate).then_some(seconds * 1_000)
}

/// The smallest id that is made at that time.
fn first_id_of(time: Timestamp) -> Uuid {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&time.millis().max(0).to_be_bytes()[2..]);
    Uuid::from_bytes(bytes)
}
