//! Reports of messages and people to staff.

use charla_protocol::{UserId, reports::ReportState};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order,
    PaginatorTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::paging::{Ask, Page, key};
use crate::{
    Result,
    tables::reports::{self, Column, Model},
};

/// What somebody has reported of that message or person.
///
/// # Errors
/// Those of the database.
pub async fn find_by(db: &impl ConnectionTrait, reporter: UserId, target: Uuid) -> Result<Option<Model>> {
    let query = reports::Entity::find().filter(Column::ReporterId.eq(reporter.0));
    Ok(query.filter(Column::TargetId.eq(target)).one(db).await?)
}

/// A report, with the row locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(reports::Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// How many reports of somebody wait for staff.
///
/// # Errors
/// Those of the database.
pub async fn open_of(db: &impl ConnectionTrait, reporter: UserId) -> Result<u64> {
    let query = reports::Entity::find().filter(Column::ReporterId.eq(reporter.0));
    Ok(query.filter(Column::ResolvedAt.is_null()).count(db).await?)
}

/// # Errors
/// `Duplicate` where the reporter has reported that before.
pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<()> {
    reports::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes all columns of a changed row.
///
/// # Errors
/// Those of the database.
pub async fn update(tx: &impl ConnectionTrait, row: Model) -> Result<()> {
    let id = row.id;
    let changed = row.into_active_model().reset_all();
    reports::Entity::update_many().set(changed).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Reports in that state, the latest first; of one person alone where that is given. A position is an id.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    state: ReportState,
    user: Option<UserId>,
    ask: Ask<Uuid>,
) -> Result<Page<Model>> {
    let keys = [key(Column::Id, Order::Desc)];
    let ask = ask.by(|id| [id.into()]);
    let fits = Condition::all()
        .add(match state {
            ReportState::Open => Column::ResolvedAt.is_null(),
            ReportState::Resolved => Column::ResolvedAt.is_not_null(),
        })
        .add_option(user.map(|user| Column::UserId.eq(user.0)));
    Ok(ask.page(ask.apply(reports::Entity::find().filter(fits), &keys).all(db).await?))
}

/// Deletes what somebody has reported, and what others have of them.
///
/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    let concerns = Condition::any().add(Column::ReporterId.eq(user.0)).add(Column::UserId.eq(user.0));
    reports::Entity::delete_many().filter(concerns).exec(tx).await?;
    Ok(())
}
