//! Who may see whether somebody is there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use charla_protocol::{RoomId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{blocks, friendships};
use crate::{
    Result,
    lists::padded,
    tables::{room_members, rooms, users},
};

/// Somebody who sees another come and go.
#[derive(Clone, Debug)]
pub struct Near {
    /// Whom they see.
    pub sees: UserId,
    pub person: users::Model,
    /// The direct room of the two.
    pub room: Option<RoomId>,
}

/// The direct rooms of these people, with both sides: whose it is, and with whom.
async fn direct_partners(
    db: &impl ConnectionTrait,
    people: &[UserId],
) -> Result<Vec<(UserId, UserId, RoomId)>> {
    let own: Vec<(Uuid, Uuid)> = room_members::Entity::find()
        .select_only()
        .columns([room_members::Column::RoomId, room_members::Column::UserId])
        .inner_join(rooms::Entity)
        .filter(room_members::Column::UserId.is_in(padded(people.iter().map(|user| user.0))))
        .filter(rooms::Column::RoomType.eq("direct"))
        .into_tuple()
        .all(db)
        .await?;
    let members: Vec<(Uuid, Uuid)> = room_members::Entity::find()
        .select_only()
        .columns([room_members::Column::RoomId, room_members::Column::UserId])
        .filter(room_members::Column::RoomId.is_in(padded(own.iter().map(|(room, _)| *room))))
        .into_tuple()
        .all(db)
        .await?;
    let mut sides: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (room, user) in members {
        sides.entry(room).or_default().push(user);
    }
    let partners = own.iter().flat_map(|(room, user)| {
        let sides = sides.get(room).into_iter().flatten();
        sides.filter(move |side| *side != user).map(|side| (UserId(*user), UserId(*side), RoomId(*room)))
    });
    Ok(partners.collect())
}

/// Those who see these people come and go: friends, and the people of direct rooms. Nobody whom a block parts from them.
///
/// # Errors
/// Those of the database.
pub async fn near(db: &impl ConnectionTrait, people: &[UserId]) -> Result<Vec<Near>> {
    let parted: HashSet<(UserId, UserId)> = blocks::parted_of_many(db, people).await?.into_iter().collect();
    let mut near: BTreeMap<(UserId, UserId), Option<RoomId>> = BTreeMap::new();
    for (user, partner, room) in direct_partners(db, people).await? {
        near.insert((user, partner), Some(room));
    }
    for pair in friendships::of_many(db, people).await? {
        near.entry(pair).or_default();
    }
    near.retain(|pair, _| !parted.contains(pair));
    let others: BTreeSet<UserId> = near.keys().map(|(_, other)| *other).collect();
    let others = super::users::find_all(db, &others.into_iter().collect::<Vec<_>>()).await?;
    let others: HashMap<UserId, users::Model> =
        others.into_iter().map(|user| (user.user_id(), user)).collect();
    let near = near.into_iter().filter_map(|((sees, other), room)| {
        let person = others.get(&other)?.clone();
        // A direct room stays when an account goes out of use; a friendship shows no more.
        (room.is_some() || person.is_active).then_some(Near { sees, person, room })
    });
    Ok(near.collect())
}
