//! Bots: the accounts that have an owner.

use charla_protocol::{SessionId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::{
    Result,
    lists::padded,
    tables::{sessions, users},
};

fn of_owner(owner: UserId) -> Select<users::Entity> {
    users::Entity::find().filter(users::Column::OwnerId.eq(owner.0)).filter(users::Column::IsActive.eq(true))
}

/// Somebody's bots, the latest made first.
///
/// # Errors
/// Those of the database.
pub async fn owned(db: &impl ConnectionTrait, owner: UserId) -> Result<Vec<users::Model>> {
    Ok(of_owner(owner).order_by_desc(users::Column::Id).all(db).await?)
}

/// How many bots somebody has.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &impl ConnectionTrait, owner: UserId) -> Result<u64> {
    Ok(of_owner(owner).count(db).await?)
}

/// The tokens of these bots that are good, the latest made first.
///
/// # Errors
/// Those of the database.
pub async fn tokens(
    db: &impl ConnectionTrait,
    bots: &[UserId],
    now: Timestamp,
) -> Result<Vec<sessions::Model>> {
    Ok(sessions::Entity::find()
        .filter(sessions::Column::UserId.is_in(padded(bots.iter().map(|bot| bot.0))))
        .filter(sessions::Column::TokenHash.is_not_null())
        .filter(sessions::Column::EndedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(sessions::Column::Id)
        .all(db)
        .await?)
}

/// Ends all sessions of somebody's bots, and gives their ids.
///
/// # Errors
/// Those of the database.
pub async fn end_sessions(
    tx: &impl ConnectionTrait,
    owner: UserId,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let bots: Vec<Uuid> =
        of_owner(owner).select_only().column(users::Column::Id).into_tuple().all(tx).await?;
    let mut ended = Vec::new();
    for bot in bots {
        ended.extend(super::sessions::end_all(tx, UserId(bot), None, now).await?);
    }
    Ok(ended)
}
