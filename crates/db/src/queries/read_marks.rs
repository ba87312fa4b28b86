//! Marks of how far rooms have been read, from which "read by" is counted. Who writes here holds the locks of the rooms' rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use charla_protocol::UserId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::ROWS;
use crate::{
    Error, Result,
    dialect::insert_all,
    lists::padded,
    tables::{
        read_marks::{Column, Entity, Model},
        room_members, rooms, users,
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
        Entity::delete_many().filter(are_these).exec(tx).await?;
        let before: HashMap<_, _> =
            stored.into_iter().map(|mark| ((mark.room_id, mark.seq), mark.readers)).collect();
        let marks = changed.iter().map(|(key, by)| Model {
            room_id: key.0,
            seq: key.1,
            readers: before.get(*key).copied().unwrap_or_default() + **by,
        });
        insert_all(tx, marks.filter(|mark| mark.readers != 0)).await?;
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
    super::rooms::lock(tx, &ids).await?;
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
    let members =
        room_members::Entity::find().filter(room_members::Column::UserId.eq(user.0)).all(tx).await?;
    let mut changes = Changes::default();
    for member in &members {
        if shared { changes.add(member) } else { changes.remove(member) }
    }
    store(tx, &changes).await
}

/// Of the next rooms past `after`, `limit` at most: those whose marks say something else than their members' cursors do, and the
/// last one that was looked at. None where there is no room past it.
///
/// # Errors
/// Those of the database.
pub async fn wrong(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Option<(BTreeSet<Uuid>, Uuid)>> {
    let ids = rooms::Entity::find()
        .select_only()
        .column(rooms::Column::Id)
        .filter(rooms::Column::Id.gt(after))
        .order_by_asc(rooms::Column::Id)
        .limit(limit);
    let ids: Vec<Uuid> = ids.into_tuple().all(db).await?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    let difference = Query::select()
        .column("room_id")
        .from_subquery(differences(after, last), "differences")
        .group_by_columns(["room_id", "seq"])
        .and_having(Expr::col("readers").sum().ne(0))
        .to_owned();
    let rows = db.query_all(&difference).await?;
    let rooms: Result<BTreeSet<Uuid>, DbErr> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(Some((rooms?, last)))
}

/// What the members' cursors say of the rooms past `after` up to `last`, and the marks as often less.
fn differences(after: Uuid, last: Uuid) -> SelectStatement {
    let lies_there = |room: Expr| room.clone().gt(after).and(room.lte(last));
    let of = |column: room_members::Column| Expr::col((room_members::Entity, column));
    let ends = |at: room_members::Column, readers: i64| {
        let is_user = Expr::col((users::Entity, users::Column::Id))
            .equals((room_members::Entity, room_members::Column::UserId));
        Query::select()
            .expr_as(of(room_members::Column::RoomId), "room_id")
            .expr_as(of(at), "seq")
            .expr_as(Expr::val(readers), "readers")
            .from(room_members::Entity)
            .inner_join(users::Entity, is_user)
            .and_where(lies_there(of(room_members::Column::RoomId)))
            .and_where(of(room_members::Column::LastReadSeq).gt(of(room_members::Column::JoinedSeq)))
            .and_where(users::Column::SendReadReceipts.eq(true))
            .to_owned()
    };
    let marks = Query::select()
        .columns([Column::RoomId, Column::Seq])
        .expr(Expr::val(0_i64).sub(Expr::col(Column::Readers)))
        .from(Entity)
        .and_where(lies_there(Expr::col(Column::RoomId)))
        .to_owned();
    ends(room_members::Column::LastReadSeq, 1)
        .union(UnionType::All, ends(room_members::Column::JoinedSeq, -1))
        .union(UnionType::All, marks)
        .to_owned()
}

/// Makes the marks of a room anew, whose row is locked.
///
/// # Errors
/// Those of the database.
pub async fn recount(tx: &impl ConnectionTrait, room: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::RoomId.eq(room)).exec(tx).await?;
    let members = room_members::Entity::find()
        .inner_join(users::Entity)
        .filter(room_members::Column::RoomId.eq(room))
        .filter(users::Column::SendReadReceipts.eq(true));
    let mut changes = Changes::default();
    members.all(tx).await?.iter().for_each(|member| changes.add(member));
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
