//! A whole community at once, for `charla serve --demo`.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{read_marks, replies};
use crate::{
    Result,
    dialect::insert_all,
    tables::{
        files, friend_requests, friendships, message_versions, messages, read_steps, room_members, rooms,
        users,
    },
};

/// The rows of a community, as years of use would have left them: the caller keeps every invariant of the tables.
#[derive(Debug, Default)]
pub struct Community {
    pub users: Vec<users::Model>,
    pub friendships: Vec<friendships::Model>,
    pub friend_requests: Vec<friend_requests::Model>,
    pub rooms: Vec<rooms::Model>,
    pub members: Vec<room_members::Model>,
    pub messages: Vec<messages::Model>,
    pub versions: Vec<message_versions::Model>,
    pub read_steps: Vec<read_steps::Model>,
    pub files: Vec<files::Model>,
}

/// Writes a community into an empty database, in few multi-row statements.
///
/// # Errors
/// `Duplicate` where something of it is there already.
pub async fn insert(tx: &impl ConnectionTrait, community: Community) -> Result<()> {
    let marks = marks(&community);
    insert_all(tx, community.users).await?;
    insert_all(tx, community.friendships).await?;
    insert_all(tx, community.friend_requests).await?;
    insert_all(tx, community.rooms).await?;
    read_marks::store(tx, &marks).await?;
    insert_all(tx, community.members).await?;
    insert_all(tx, community.messages.iter().cloned()).await?;
    replies::store(tx, &community.messages).await?;
    insert_all(tx, community.versions).await?;
    insert_all(tx, community.read_steps).await?;
    insert_all(tx, community.files).await
}

/// What the members have read, as far as they share it.
fn marks(community: &Community) -> read_marks::Changes {
    let shared = community.users.iter().filter(|user| user.send_read_receipts);
    let shared: HashSet<Uuid> = shared.map(|user| user.id).collect();
    let mut marks = read_marks::Changes::default();
    community
        .members
        .iter()
        .filter(|member| shared.contains(&member.user_id))
        .for_each(|member| marks.add(member));
    marks
}
