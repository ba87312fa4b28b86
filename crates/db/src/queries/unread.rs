//! What is left to read.

use std::collections::HashMap;

use charla_protocol::{RoomId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef, RelationTrait, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Result,
    tables::{messages, room_members, rooms},
};

/// Unread messages of the user in each of these rooms, or in all of theirs: others', not of the system, not deleted, past the read cursor,
/// said since the user joined and not hidden from them. Rooms with none are left out.
///
/// # Errors
/// Those of the database.
pub async fn counts(
    db: &impl ConnectionTrait,
    user: UserId,
    rooms: Option<&[RoomId]>,
) -> Result<HashMap<RoomId, u64>> {
    let mut query = room_members::Entity::find();
    // A list of all rooms may be longer than a statement can be.
    if let Some(rooms) = rooms {
        query = query.filter(room_members::Column::RoomId.is_in(rooms.iter().map(|room| room.0)));
    }
    let counted = query
        .select_only()
        .column(room_members::Column::RoomId)
        .column_as(messages::Column::Id.count(), "unread")
        .join(JoinType::InnerJoin, room_members::Relation::Room.def())
        .join(JoinType::InnerJoin, later_messages())
        .filter(room_members::Column::UserId.eq(user.0))
        // Rooms read to their end cost no look at their messages.
        .filter(
            Expr::col((rooms::Entity, rooms::Column::LastSeq))
                .gt(Expr::col((room_members::Entity, room_members::Column::LastReadSeq))),
        )
        .filter(messages::Column::SenderId.ne(user.0))
        .filter(messages::Column::MessageType.ne("system"))
        .filter(messages::Column::DeletedAt.is_null())
        .group_by(room_members::Column::RoomId)
        .into_tuple::<(Uuid, i64)>()
        .all(db)
        .await?;
    Ok(counted.into_iter().map(|(room, count)| (RoomId(room), count.unsigned_abs())).collect())
}

/// Joins the messages of a member's room that lie past the read cursor, past joining and past what is hidden.
fn later_messages() -> RelationDef {
    room_members::Entity::belongs_to(messages::Entity)
        .from(room_members::Column::RoomId)
        .to(messages::Column::RoomId)
        .on_condition(|members, messages| {
            use room_members::Column::{HiddenSeq, JoinedSeq, LastReadSeq};
            [LastReadSeq, JoinedSeq, HiddenSeq].into_iter().fold(Condition::all(), |all, bound| {
                let seq = Expr::col((messages.clone(), messages::Column::Seq));
                all.add(seq.gt(Expr::col((members.clone(), bound))))
            })
        })
        .into()
}
