//! Who may see whether somebody is there.

use charla_protocol::{RoomId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    Result,
    tables::{room_members, rooms, users},
};

/// The user's direct rooms, each with the other person.
///
/// # Errors
/// Those of the database.
pub async fn direct_partners(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<(RoomId, users::Model)>> {
    let rooms: Vec<Uuid> = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .inner_join(rooms::Entity)
        .filter(room_members::Column::UserId.eq(user.0))
        .filter(rooms::Column::RoomType.eq("direct"))
        .into_tuple()
        .all(db)
        .await?;
    let partners = room_members::Entity::find()
        .filter(room_members::Column::RoomId.is_in(rooms))
        .filter(room_members::Column::UserId.ne(user.0))
        .find_also_related(users::Entity)
        .all(db)
        .await?;
    Ok(partners.into_iter().filter_map(|(member, user)| Some((RoomId(member.room_id), user?))).collect())
}

/// Whether the two share a direct room.
///
/// # Errors
/// Those of the database.
pub async fn share_direct_room(db: &impl ConnectionTrait, one: UserId, other: UserId) -> Result<bool> {
    let key = super::rooms::direct_key(one, other);
    Ok(rooms::Entity::find().filter(rooms::Column::DirectKey.eq(key)).one(db).await?.is_some())
}
