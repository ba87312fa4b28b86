//! What the links in mails are good for. Who spends one, or takes some away, holds the lock of the account's row.

use charla_protocol::{Timestamp, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::{
    Result,
    tables::link_tokens::{Column, Entity, Model, Purpose},
};

/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, token: Model) -> Result<()> {
    Entity::insert(token.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The token of that hash, while it is good.
///
/// # Errors
/// Those of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(hash.to_owned())
        .filter(Column::Purpose.eq(purpose.as_str()))
        .filter(Column::ExpiresAt.gt(now.millis()))
        .one(db)
        .await?)
}

/// Takes the account's tokens away, those of one purpose or all.
///
/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId, purpose: Option<Purpose>) -> Result<()> {
    let mut query = Entity::delete_many().filter(Column::UserId.eq(user.0));
    if let Some(purpose) = purpose {
        query = query.filter(Column::Purpose.eq(purpose.as_str()));
    }
    query.exec(tx).await?;
    Ok(())
}

/// Deletes those that are good no more, and says how many.
///
/// # Errors
/// Those of the database.
pub async fn delete_expired(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64> {
    let done = Entity::delete_many().filter(Column::ExpiresAt.lte(now.millis())).exec(tx).await?;
    Ok(done.rows_affected)
}
