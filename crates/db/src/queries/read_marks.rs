//! Marks of how far rooms have been read, from which "read by" is counted. Who writes here holds the locks of the rooms' rows.

use std::collections::{BTreeMap, HashMap};

use charla_protocol::UserId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{ROWS, rooms};
use crate::{
    Error, Result,
    lists::padded,
    tables::{
        read_marks::{Column, Entity, Model},
        room_members,
    },
};

/// Changes of marks, by room and seq.
#[derive(Debug, Default)]
pub struct Changes(BTreeMap<(Uuid, i64), i64>);

impl Changes {
    /// A member who shares their receipts counts from now on.
    pub fn add(&mut self, member: &room_members::Model) {
        self.change(member, 1);
    }

    /// A member who shared their receipts counts no longer.
    pub fn remove(&mut self, member: &room_members::Model) {
        self.change(member, -1);
    }

    /// Who has read nothing since they joined counts nowhere.
    fn change(&mut self, member: &room_members::Model, by: i64) {
        if member.last_read_seq > member.joined_seq {
            *self.0.entry((member.room_id, member.last_read_seq)).or_default() += by;
            *self.0.entry((member.room_id, member.joined_seq)).or_default() -= by;
        }
    }
}

/// Writes what has changed: all marks that did go, and what stands in the end comes.
///
/// # Errors
/// Those of the database.
pub async fn store(tx: &impl ConnectionTrait, changes: &Changes) -> Result<()> {
    let changed: Vec<_> = changes.0.iter().filter(|(_, by)| **by != 0).collect();
    for changed in changed.chunks(ROWS) {
        let are_these = these(changed.iter().map(|(key, _)| **key));
        let stored = Entity::find().filter(are_these.clone()).all(tx).await?;
        if !stored.is_empty() {
            Entity::delete_many().filter(are_these).exec(tx).await?;
        }
        let before: HashMap<_, _> =
            stored.into_iter().map(|mark| ((mark.room_id, mark.seq), mark.readers)).collect();
        let marks = changed.iter().map(|(key, by)| Model {
            room_id: key.0,
            seq: key.1,
            readers: before.get(key).copied().unwrap_or_default() + **by,
        });
        let marks: Vec<_> =
            marks.filter(|mark| mark.readers != 0).map(IntoActiveModel::into_active_model).collect();
        if !marks.is_empty() {
            Entity::insert_many(marks).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}

fn these(keys: impl Iterator<Item = (Uuid, i64)>) -> Condition {
    let mut rooms: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for (room, seq) in keys {
        rooms.entry(room).or_default().push(seq);
    }
    rooms.into_iter().fold(Condition::any(), |any, (room, seqs)| {
        any.add(Column::RoomId.eq(room).and(Column::Seq.is_in(padded(seqs))))
    })
}

/// Locks all rooms of somebody who is about to change whether they share their receipts, and gives their ids. Before the account's
/// own row: rooms are locked before people.
///
/// # Errors
/// Those of the database.
pub async fn lock_rooms(tx: &impl ConnectionTrait, user: UserId) -> Result<Vec<Uuid>> {
    let ids = rooms_of(tx, user).await?;
    rooms::lock(tx, &ids).await?;
    Ok(ids)
}

/// Counts somebody in the rooms that were locked, from now on or no longer. Their row is locked, so that they come into no other.
///
/// # Errors
/// `Busy` where they came into another one before.
pub async fn set_shared(
    tx: &impl ConnectionTrait,
    user: UserId,
    shared: bool,
    locked: &[Uuid],
) -> Result<()> {
    if rooms_of(tx, user).await? != locked {
        return Err(Error::Busy(DbErr::Custom("a room was joined or left meanwhile".to_owned())));
    }
    let members = room_members::Entity::find().filter(room_members::Column::UserId.eq(user.0)).all(tx).await?;
    let mut changes = Changes::default();
    for member in &members {
        if shared { changes.add(member) } else { changes.remove(member) }
    }
    store(tx, &changes).await
}

async fn rooms_of(tx: &impl ConnectionTrait, user: UserId) -> Result<Vec<Uuid>> {
    let ids = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .filter(room_members::Column::UserId.eq(user.0))
        .order_by_asc(room_members::Column::RoomId);
    Ok(ids.into_tuple().all(tx).await?)
}
