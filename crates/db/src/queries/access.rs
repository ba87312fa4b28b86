//! How somebody stands to a room: the start of every request that names one.

use charla_permissions::{Permission, Standing, check};
use charla_protocol::{ErrorCode, RoomId, SessionId, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable,
    JoinType, QueryResult, QuerySelect, RelationTrait,
    sea_query::{Expr, IntoCondition, Query, SelectStatement},
};

use super::users::hold_active;
use crate::{
    Error, Result,
    tables::{room_members, rooms, sessions, users},
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

/// Who calls about a room: a session with its account, ended or not, and the room with the account's membership, if there is such
/// a room.
#[derive(Debug)]
pub struct Call {
    pub session: sessions::Model,
    pub user: users::Model,
    pub room: Option<rooms::Model>,
    pub member: Option<room_members::Model>,
}

impl FromQueryResult for Call {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            session: sessions::Model::from_query_result(row, SESSION)?,
            user: users::Model::from_query_result(row, USER)?,
            room: Option::from_query_result(row, ROOM)?,
            member: Option::from_query_result(row, MEMBER)?,
        })
    }
}

/// What the columns of each table begin with in a [`Call`].
const SESSION: &str = "session_";
const USER: &str = "user_";
const ROOM: &str = "room_";
const MEMBER: &str = "member_";

/// Loads who calls about a room with one query. None where there is no such session.
///
/// # Errors
/// Those of the database.
pub async fn call(db: &impl ConnectionTrait, session: SessionId, room: RoomId) -> Result<Option<Call>> {
    let is_room = Expr::col((rooms::Entity, rooms::Column::Id)).eq(room.0);
    let is_member = Expr::col((room_members::Entity, room_members::Column::RoomId)).eq(room.0).and(
        Expr::col((room_members::Entity, room_members::Column::UserId))
            .equals((users::Entity, users::Column::Id)),
    );
    let is_user =
        Expr::col((users::Entity, users::Column::Id)).equals((sessions::Entity, sessions::Column::UserId));
    let mut query = Query::select();
    query
        .from(sessions::Entity)
        .inner_join(users::Entity, is_user)
        .left_join(rooms::Entity, is_room)
        .left_join(room_members::Entity, is_member)
        .and_where(sessions::Column::Id.eq(session.0));
    add_columns::<sessions::Entity>(&mut query, SESSION);
    add_columns::<users::Entity>(&mut query, USER);
    add_columns::<rooms::Entity>(&mut query, ROOM);
    add_columns::<room_members::Entity>(&mut query, MEMBER);
    Ok(Call::find_by_statement(db.get_database_backend().build(&query)).one(db).await?)
}

fn add_columns<E: EntityTrait>(query: &mut SelectStatement, prefix: &str) {
    for column in E::Column::iter() {
        query.expr_as(Expr::col(column.as_column_ref()), format!("{prefix}{}", column.as_str()));
    }
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
