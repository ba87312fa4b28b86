//! What people have cleared of rooms that they have left. Who writes here holds the lock of the room's row, or deletes the
//! account.

use std::collections::HashMap;

use charla_protocol::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::{
    Result,
    lists::padded,
    tables::{
        clearings::{Column, Entity, Model},
        room_members, users,
    },
};

/// Keeps up to where somebody who leaves had cleared the room. What was hidden from them all along is not kept: whether they
/// see it when they come back is for the room to say.
///
/// # Errors
/// Those of the database.
pub async fn keep(
    tx: &impl ConnectionTrait,
    member: &room_members::Model,
    user: &users::Model,
) -> Result<()> {
    // Joining hides no more than what was said before; and who is deleted does not come back.
    if member.hidden_seq <= member.joined_seq || user.deleted_at.is_some() {
        return Ok(());
    }
    let (room_id, user_id) = (member.room_id, member.user_id);
    Entity::delete_by_id((room_id, user_id)).exec(tx).await?;
    let row = Model { room_id, user_id, seq: member.hidden_seq };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Hides from those who come back to a room what they had cleared of it: one query for all of them.
///
/// # Errors
/// Those of the database.
pub async fn restore(
    tx: &impl ConnectionTrait,
    room: Uuid,
    members: &mut [room_members::Model],
) -> Result<()> {
    let cleared = Entity::find()
        .filter(Column::RoomId.eq(room))
        .filter(Column::UserId.is_in(padded(members.iter().map(|member| member.user_id))))
        .all(tx)
        .await?;
    let cleared: HashMap<Uuid, i64> = cleared.into_iter().map(|row| (row.user_id, row.seq)).collect();
    for member in members {
        let seq = cleared.get(&member.user_id).copied().unwrap_or_default();
        member.hidden_seq = member.hidden_seq.max(seq);
    }
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(tx).await?;
    Ok(())
}
