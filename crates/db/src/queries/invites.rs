//! Invites. Who writes here holds the lock of the room's row, where the invite is one of a room.

use charla_protocol::{RoomId, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, Order, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::paging::{Ask, Page, key};
use crate::{
    Result,
    tables::{
        invites::{self, Column},
        users,
    },
};

/// The invite of a code, by the code's hash.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, code_hash: &str) -> Result<Option<invites::Model>> {
    Ok(invites::Entity::find().filter(Column::CodeHash.eq(code_hash)).one(db).await?)
}

/// The invites of a room, or of the server, with who made them, the latest first. A position is an invite's id.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    room: Option<RoomId>,
    ask: Ask<Uuid>,
) -> Result<Page<(invites::Model, users::Model)>> {
    let keys = [key((invites::Entity, Column::Id), Order::Desc)];
    let ask = ask.by(|id| [id.into()]);
    let maker = invites::Entity::belongs_to(users::Entity).from(Column::CreatedBy).to(users::Column::Id);
    let query = invites::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, maker.into())
        .select_also(users::Entity)
        .filter(of_room(room));
    let page = ask.page(ask.apply(query, &keys).all(db).await?);
    let rows = page.rows.into_iter().filter_map(|(invite, maker)| Some((invite, maker?))).collect();
    Ok(Page { rows, has_previous: page.has_previous, has_next: page.has_next })
}

/// Forgets what nobody can come in by any more, and says how many are left.
///
/// # Errors
/// Those of the database.
pub async fn prune(tx: &impl ConnectionTrait, room: Option<RoomId>, now: Timestamp) -> Result<u64> {
    let is_spent = Expr::col(Column::Uses).gte(Expr::col(Column::MaxUses));
    invites::Entity::delete_many()
        .filter(of_room(room))
        .filter(Condition::any().add(Column::ExpiresAt.lte(now.millis())).add(is_spent))
        .exec(tx)
        .await?;
    let left: Option<i64> = invites::Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "left_over")
        .filter(of_room(room))
        .into_tuple()
        .one(tx)
        .await?;
    Ok(left.unwrap_or_default().unsigned_abs())
}

/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, invite: invites::Model) -> Result<()> {
    invites::Entity::insert(invite.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Withdraws an invite of the room, or of the server. False if there is none of that code.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &impl ConnectionTrait, room: Option<RoomId>, code_hash: &str) -> Result<bool> {
    let done = invites::Entity::delete_many()
        .filter(of_room(room))
        .filter(Column::CodeHash.eq(code_hash))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Spends one use. False if there is none left, or it has expired: however many come at once, no more get in than may.
///
/// # Errors
/// Those of the database.
pub async fn spend(tx: &impl ConnectionTrait, invite: Uuid, now: Timestamp) -> Result<bool> {
    let has_room = Expr::col(Column::Uses).lt(Expr::col(Column::MaxUses));
    let done = invites::Entity::update_many()
        .col_expr(Column::Uses, Expr::col(Column::Uses).add(1))
        .filter(Column::Id.eq(invite))
        .filter(Condition::any().add(Column::MaxUses.is_null()).add(has_room))
        .filter(Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.millis())))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

fn of_room(room: Option<RoomId>) -> Condition {
    Condition::all().add(match room {
        Some(room) => Column::RoomId.eq(room.0),
        None => Column::RoomId.is_null(),
    })
}
