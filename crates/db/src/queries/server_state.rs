//! What the server itself has to remember.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use crate::{Result, tables::server_state};

/// # Errors
/// Those of the database.
pub async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
    Ok(server_state::Entity::find_by_id(name.to_owned()).one(db).await?.map(|row| row.value))
}

/// The same, locked where it is there.
///
/// # Errors
/// Those of the database.
pub(super) async fn lock(tx: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
    let row = server_state::Entity::find_by_id(name.to_owned()).lock_exclusive().one(tx).await?;
    Ok(row.map(|row| row.value))
}

/// Sets or replaces a value.
///
/// # Errors
/// Those of the database.
pub async fn set(tx: &impl ConnectionTrait, name: &str, value: &str) -> Result<()> {
    delete(tx, name).await?;
    insert(tx, name, value).await
}

/// Sets a value that is not there.
///
/// # Errors
/// `Duplicate` where it is.
pub async fn insert(tx: &impl ConnectionTrait, name: &str, value: &str) -> Result<()> {
    let row = server_state::Model { name: name.to_owned(), value: value.to_owned() };
    let mut row = row.into_active_model();
    row.name = Set(name.to_owned());
    server_state::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes a value, and says whether it was there.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, name: &str) -> Result<bool> {
    Ok(server_state::Entity::delete_by_id(name.to_owned()).exec(tx).await?.rows_affected > 0)
}

/// Removes a name that has that value.
///
/// # Errors
/// Those of the database.
pub async fn delete_value(tx: &impl ConnectionTrait, name: &str, value: &str) -> Result<()> {
    server_state::Entity::delete_by_id(name.to_owned())
        .filter(server_state::Column::Value.eq(value))
        .exec(tx)
        .await?;
    Ok(())
}
