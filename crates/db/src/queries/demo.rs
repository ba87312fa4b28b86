//! A whole community at once, for `charla serve --demo`.

use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::ROWS;
use crate::{
    Result,
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
    insert_all(tx, community.users).await?;
    insert_all(tx, community.friendships).await?;
    insert_all(tx, community.friend_requests).await?;
    insert_all(tx, community.rooms).await?;
    insert_all(tx, community.members).await?;
    insert_all(tx, community.messages).await?;
    insert_all(tx, community.versions).await?;
    insert_all(tx, community.read_steps).await?;
    insert_all(tx, community.files).await
}

/// Writes rows in few multi-row statements.
pub(super) async fn insert_all<M, A>(tx: &impl ConnectionTrait, rows: Vec<M>) -> Result<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        A::Entity::insert_many(rows.by_ref().take(ROWS)).exec_without_returning(tx).await?;
    }
    Ok(())
}
