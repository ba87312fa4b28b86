//! What is left to read: counted for many members in as many statements as for one.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{RoomId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef, RelationTrait,
    sea_query::{DynIden, Expr},
};
use uuid::Uuid;

use super::{members, mentions};
use crate::{
    Result,
    lists::padded,
    tables::{messages, room_members, rooms},
};

/// Messages by room and member. Who has none is left out.
pub type Counts = HashMap<(RoomId, UserId), u64>;

/// Whose messages are counted, and where.
#[derive(Clone, Copy, Debug)]
pub enum Readers<'a> {
    /// These people's in all their rooms: a list of those may be longer than a statement can be.
    Everywhere(&'a [UserId]),
    /// These members', by room and user: a page of them, or a batch.
    Members(&'a BTreeSet<(RoomId, UserId)>),
}

impl Readers<'_> {
    pub(super) fn memberships(self, db: &impl ConnectionTrait) -> Expr {
        match self {
            Self::Everywhere([user]) => room_members::Column::UserId.eq(user.0),
            Self::Everywhere(users) => {
                room_members::Column::UserId.is_in(padded(users.iter().map(|user| user.0)))
            }
            Self::Members(keys) => members::these(db, keys.iter().map(|(room, user)| (room.0, user.0))),
        }
    }

    /// Who reads, where it is one person.
    pub(super) fn only(self) -> Option<UserId> {
        match self {
            Self::Everywhere([user]) => Some(*user),
            Self::Everywhere(_) => None,
            Self::Members(keys) => {
                let mut users = keys.iter().map(|(_, user)| *user);
                let first = users.next()?;
                users.all(|user| user == first).then_some(first)
            }
        }
    }
}

/// How much members have left to read.
#[derive(Debug, Default)]
pub struct Left {
    unread: Counts,
    mentions: Counts,
}

impl Left {
    /// The unread messages of a member, and those of them that mention them.
    pub fn of(&self, room: RoomId, user: UserId) -> (u64, u64) {
        let of = |counts: &Counts| counts.get(&(room, user)).copied().unwrap_or(0);
        (of(&self.unread), of(&self.mentions))
    }
}

/// How much these members have left to read.
///
/// # Errors
/// Those of the database.
pub async fn left(db: &impl ConnectionTrait, readers: Readers<'_>) -> Result<Left> {
    let unread = counts(db, readers).await?;
    // What mentions somebody is unread as well.
    let mentions = if unread.is_empty() { Counts::new() } else { mentions::counts(db, readers).await? };
    Ok(Left { unread, mentions })
}

/// Unread messages: others', not of the system, not deleted, past the read cursor, said since the member joined and not
/// hidden from them.
async fn counts(db: &impl ConnectionTrait, readers: Readers<'_>) -> Result<Counts> {
    let only = readers.only();
    let unread = room_members::Entity::belongs_to(messages::Entity)
        .from(room_members::Column::RoomId)
        .to(messages::Column::RoomId)
        .on_condition(move |members, messages| {
            let of = |column| Expr::col((messages.clone(), column));
            is_left(&members, &of(messages::Column::Seq))
                .add(of(messages::Column::SenderId).ne(reader(&members, only)))
                .add(of(messages::Column::MessageType).ne("system"))
                .add(of(messages::Column::DeletedAt).is_null())
        });
    let messages = Expr::col((messages::Entity, messages::Column::Id)).count();
    count(db, readers, messages, unread.into()).await
}

/// Counts `what` in what `left` joins to each member.
///
/// # Errors
/// Those of the database.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    readers: Readers<'_>,
    what: Expr,
    left: RelationDef,
) -> Result<Counts> {
    if matches!(readers, Readers::Members(keys) if keys.is_empty()) {
        return Ok(Counts::new());
    }
    let counted = room_members::Entity::find()
        .select_only()
        .columns([room_members::Column::RoomId, room_members::Column::UserId])
        .expr_as(what, "messages_left")
        .join(JoinType::InnerJoin, room_members::Relation::Room.def())
        .join(JoinType::InnerJoin, left)
        .filter(readers.memberships(db))
        // Rooms read to their end cost no look at their messages.
        .filter(
            Expr::col((rooms::Entity, rooms::Column::LastSeq))
                .gt(Expr::col((room_members::Entity, room_members::Column::LastReadSeq))),
        )
        .group_by(room_members::Column::RoomId)
        .group_by(room_members::Column::UserId)
        .into_tuple::<(Uuid, Uuid, i64)>()
        .all(db)
        .await?;
    let entry = |(room, user, count): (Uuid, Uuid, i64)| ((RoomId(room), UserId(user)), count.unsigned_abs());
    Ok(counted.into_iter().map(entry).collect())
}

/// Past the read cursor, past joining and past what is hidden.
pub(super) fn is_left(members: &DynIden, seq: &Expr) -> Condition {
    use room_members::Column::{HiddenSeq, JoinedSeq, LastReadSeq};
    [LastReadSeq, JoinedSeq, HiddenSeq]
        .into_iter()
        .fold(Condition::all(), |all, bound| all.add(seq.clone().gt(Expr::col((members.clone(), bound)))))
}

/// Who a member is: a value where it is one person, which every database can look up in an index.
pub(super) fn reader(members: &DynIden, only: Option<UserId>) -> Expr {
    only.map_or_else(|| Expr::col((members.clone(), room_members::Column::UserId)), |user| Expr::val(user.0))
}
