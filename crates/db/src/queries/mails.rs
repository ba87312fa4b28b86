//! Mails that wait to be sent.

use charla_protocol::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Result,
    tables::{
        mails::{Column, Entity, Model},
        users,
    },
};

/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, mail: Model) -> Result<()> {
    Entity::insert(mail.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The one that has been due for the longest.
///
/// # Errors
/// Those of the database.
pub async fn first_due(db: &impl ConnectionTrait, now: Timestamp) -> Result<Option<Model>> {
    Ok(in_turn().filter(Column::DueAt.lte(now.millis())).one(db).await?)
}

/// When the next one is due.
///
/// # Errors
/// Those of the database.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    Ok(in_turn().one(db).await?.map(|mail| Timestamp::from_millis(mail.due_at)))
}

fn in_turn() -> sea_orm::Select<Entity> {
    Entity::find().order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(1)
}

/// Takes a mail until then: nobody else will try it before. False if somebody else was faster.
///
/// # Errors
/// Those of the database.
pub async fn take(tx: &impl ConnectionTrait, mail: &Model, until: Timestamp) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(until.millis()))
        .col_expr(Column::Attempts, Expr::value(mail.attempts + 1))
        .filter(Column::Id.eq(mail.id))
        .filter(Column::DueAt.eq(mail.due_at))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Puts a mail off that could not be sent.
///
/// # Errors
/// Those of the database.
pub async fn put_off(tx: &impl ConnectionTrait, id: Uuid, until: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(until.millis()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Deletes the mails to somebody, and those that were asked for with the address that they have.
///
/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: &users::Model) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user.id)).exec(tx).await?;
    if let Some(address) = &user.email_key {
        Entity::delete_many()
            .filter(Column::UserId.is_null())
            .filter(Column::Address.eq(address.as_str()))
            .exec(tx)
            .await?;
    }
    Ok(())
}
