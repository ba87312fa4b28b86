//! Nodes that hear no others say so here, where the others look.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::server_state::{delete, set};
use crate::{Result, tables::server_state};

/// Before the node's id. Without what stands for anything in a LIKE pattern.
const PREFIX: &str = "cut-off:";

/// The nodes that have said that they are cut off, each with the number that it said it with.
///
/// # Errors
/// Those of the database.
pub async fn marks(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, u64)>> {
    let rows =
        server_state::Entity::find().filter(server_state::Column::Name.starts_with(PREFIX)).all(db).await?;
    let mark = |row: server_state::Model| {
        Some((row.name.strip_prefix(PREFIX)?.parse().ok()?, row.value.parse().ok()?))
    };
    Ok(rows.into_iter().filter_map(mark).collect())
}

/// Notes that a node is cut off. With each time, the number grows.
///
/// # Errors
/// Those of the database.
pub async fn mark(tx: &impl ConnectionTrait, node: Uuid, number: u64) -> Result<()> {
    set(tx, &name(node), &number.to_string()).await
}

/// Notes that a node is not cut off, or no more.
///
/// # Errors
/// Those of the database.
pub async fn unmark(tx: &impl ConnectionTrait, node: Uuid) -> Result<()> {
    delete(tx, &name(node)).await.map(drop)
}

fn name(node: Uuid) -> String {
    format!("{PREFIX}{node}")
}
