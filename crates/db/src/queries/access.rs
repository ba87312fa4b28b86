//! How somebody stands to a room: the start of every request that names one.

use charla_permissions::{Permission, Standing, check};
use charla_protocol::{ErrorCode, RoomId, UserId};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, JoinType, QuerySelect, RelationTrait,
    sea_query::{Expr, IntoCondition},
};

use super::users::hold_active;
use crate::{
    Error, Result,
    tables::{room_members, rooms},
};

/// A room, and the caller's membership in it.
#[derive(Clone, Debug)]
pub struct Access {
    pub room: rooms::Model,
    pub member: Option<room_members::Model>,
    pub is_staff: bool,
}

impl Access {
    pub fn standing(&self) -> Standing {
        Standing {
            room_type: self.room.room_type(),
            visibility: self.room.visibility(),
            is_active: self.room.is_active,
            role: self.member.as_ref().map(room_members::Model::role),
            is_staff: self.is_staff,
        }
    }

    /// # Errors
    /// Why the caller may not.
    pub fn check(&self, permission: Permission) -> Result<()> {
        Ok(check(self.standing(), permission)?)
    }

    pub fn room_id(&self) -> RoomId {
        RoomId(self.room.id)
    }

    /// Messages up to this seq are hidden from the caller.
    pub fn hidden_seq(&self) -> i64 {
        self.member.as_ref().map_or(0, |member| member.hidden_seq)
    }
}

/// Loads the room and the user's membership with one query.
///
/// # Errors
/// `NotFound` where there is no such room.
pub async fn load(db: &impl ConnectionTrait, room: RoomId, user: UserId, is_staff: bool) -> Result<Access> {
    let own = rooms::Relation::Members.def().on_condition(move |_, members| {
        Expr::col((members, room_members::Column::UserId)).eq(user.0).into_condition()
    });
    let found = rooms::Entity::find_by_id(room.0)
        .join(JoinType::LeftJoin, own)
        .select_also(room_members::Entity)
        .one(db)
        .await?;
    let (room, member) = found.ok_or(Error::NotFound)?;
    Ok(Access { room, member, is_staff })
}

/// The same for a writer: takes the lock of the room's row first, so that nothing it decides on can change, and holds the
/// writer's account, so that nobody deletes it before the transaction ends.
///
/// # Errors
/// `NotFound` where there is no such room, `session_ended` where the account is not in use any more.
pub async fn lock(tx: &impl ConnectionTrait, room: RoomId, user: UserId) -> Result<Access> {
    let room = lock_room(tx, room).await?;
    let held = hold_active(tx, &[user]).await?.pop();
    let is_staff = held.ok_or(Error::Conflict(ErrorCode::SessionEnded))?.is_staff;
    let member = room_members::Entity::find_by_id((room.id, user.0)).one(tx).await?;
    Ok(Access { room, member, is_staff })
}

/// The same for who leaves: accounts that are deleted do so as well.
///
/// # Errors
/// `NotFound` where there is no such room.
pub async fn lock_leaving(tx: &impl ConnectionTrait, room: RoomId, user: UserId) -> Result<Access> {
    let room = lock_room(tx, room).await?;
    let member = room_members::Entity::find_by_id((room.id, user.0)).one(tx).await?;
    Ok(Access { room, member, is_staff: false })
}

/// The room alone, its row locked until the transaction ends.
///
/// # Errors
/// `NotFound` where there is no such room.
pub async fn lock_room(tx: &impl ConnectionTrait, room: RoomId) -> Result<rooms::Model> {
    rooms::Entity::find_by_id(room.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}
