//! Who may see whether somebody is there.

use std::collections::HashSet;

use charla_protocol::{RoomId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{blocks, friendships};
use crate::{
    Result,
    lists::padded,
    tables::{room_members, rooms, users},
};

/// The user's direct rooms, each with the other person.
async fn direct_partners(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<(RoomId, users::Model)>> {
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
        .filter(room_members::Column::RoomId.is_in(padded(rooms)))
        .filter(room_members::Column::UserId.ne(user.0))
        .find_also_related(users::Entity)
        .all(db)
        .await?;
    Ok(partners.into_iter().filter_map(|(member, user)| Some((RoomId(member.room_id), user?))).collect())
}

/// Those who see the user come and go: friends, and the people of direct rooms, each with that room. Nobody whom a block
/// parts from the user.
///
/// # Errors
/// Those of the database.
pub async fn near(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<(users::Model, Option<RoomId>)>> {
    let parted = blocks::all_parted(db, user).await?;
    let partners = direct_partners(db, user).await?;
    let known: HashSet<Uuid> = partners.iter().map(|(_, partner)| partner.id).collect();
    let friends = friendships::all(db, user).await?.into_iter().filter(|friend| !known.contains(&friend.id));
    let partners = partners.into_iter().map(|(room, partner)| (partner, Some(room)));
    let near = partners.chain(friends.map(|friend| (friend, None)));
    Ok(near.filter(|(person, _)| !parted.contains(&person.user_id())).collect())
}
