//! What staff have imposed on people. Who writes here holds the lock of the person's row.

use charla_protocol::{Timestamp, UserId, sanctions::SanctionKind};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    paging::{Ask, Page, key},
    users,
};
use crate::{
    Result,
    lists::padded,
    tables::{
        sanctions::{self, Column, Model},
        users::{Model as User, WITHOUT_END},
    },
};

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(sanctions::Entity::find_by_id(id).one(db).await?)
}

/// What was imposed on somebody, the latest first. A position is an id.
///
/// # Errors
/// Those of the database.
pub async fn page(db: &impl ConnectionTrait, user: UserId, ask: Ask<Uuid>) -> Result<Page<Model>> {
    let keys = [key(Column::Id, Order::Desc)];
    let ask = ask.by(|id| [id.into()]);
    let query = sanctions::Entity::find().filter(Column::UserId.eq(user.0));
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}

/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<()> {
    sanctions::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Lifts one. False where that was done before.
///
/// # Errors
/// Those of the database.
pub async fn lift(tx: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool> {
    let done = sanctions::Entity::update_many()
        .col_expr(Column::LiftedAt, Expr::value(now.millis()))
        .filter(Column::Id.eq(id))
        .filter(Column::LiftedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What is in force against these people.
///
/// # Errors
/// Those of the database.
pub async fn in_force(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<Vec<Model>> {
    let has_not_ended = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(now.millis()));
    Ok(sanctions::Entity::find()
        .filter(Column::UserId.is_in(padded(people)))
        .filter(Column::LiftedAt.is_null())
        .filter(has_not_ended)
        .all(db)
        .await?)
}

/// Notes in the person's row what is in force now.
///
/// # Errors
/// Those of the database.
pub async fn enforce(tx: &impl ConnectionTrait, person: User, now: Timestamp) -> Result<()> {
    let rows = in_force(tx, [person.id], now).await?;
    let end = |kind: SanctionKind| {
        let of_kind = rows.iter().filter(|row| row.kind() == kind);
        of_kind.map(|row| row.ends_at.unwrap_or(WITHOUT_END)).max()
    };
    let (muted_until, banned_until) = (end(SanctionKind::Mute), end(SanctionKind::Ban));
    users::update(tx, User { muted_until, banned_until, ..person }).await
}

/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    sanctions::Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(tx).await?;
    Ok(())
}
