//! The second factor of accounts. Who writes here holds the lock of the account's row.

use charla_protocol::{Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::{
    Result,
    lists::padded,
    tables::{authenticators, pending_sign_ins, recovery_codes},
};

/// Sign-ins of an account that wait for a code at most.
const MAX_PENDING: u64 = 20;

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, user: UserId) -> Result<Option<authenticators::Model>> {
    Ok(authenticators::Entity::find_by_id(user.0).one(db).await?)
}

/// So many authenticators behind that one, in the order of their accounts.
///
/// # Errors
/// Those of the database.
pub async fn behind(
    db: &impl ConnectionTrait,
    user: Option<UserId>,
    limit: u64,
) -> Result<Vec<authenticators::Model>> {
    let mut query = authenticators::Entity::find().order_by_asc(authenticators::Column::UserId).limit(limit);
    if let Some(user) = user {
        query = query.filter(authenticators::Column::UserId.gt(user.0));
    }
    Ok(query.all(db).await?)
}

/// Puts a sealed secret in the place of that one, if it is still there.
///
/// # Errors
/// Those of the database.
pub async fn renew(tx: &impl ConnectionTrait, old: &authenticators::Model, secret: &str) -> Result<()> {
    authenticators::Entity::update_many()
        .col_expr(authenticators::Column::Secret, Expr::value(secret))
        .filter(authenticators::Column::UserId.eq(old.user_id))
        .filter(authenticators::Column::Secret.eq(old.secret.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts an authenticator in the place of the one that the account has, if any.
///
/// # Errors
/// Those of the database.
pub async fn replace(tx: &impl ConnectionTrait, row: authenticators::Model) -> Result<()> {
    authenticators::Entity::delete_by_id(row.user_id).exec(tx).await?;
    authenticators::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes the step of the code that was used.
///
/// # Errors
/// Those of the database.
pub async fn set_last_step(tx: &impl ConnectionTrait, user: UserId, step: i64) -> Result<()> {
    authenticators::Entity::update_many()
        .col_expr(authenticators::Column::LastStep, Expr::value(step))
        .filter(authenticators::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts recovery codes in the place of those that the account has.
///
/// # Errors
/// Those of the database.
pub async fn replace_recovery_codes(
    tx: &impl ConnectionTrait,
    user: UserId,
    hashes: &[String],
) -> Result<()> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user.0)).exec(tx).await?;
    let rows = hashes.iter().map(|hash| recovery_codes::Model { hash: hash.clone(), user_id: user.0 });
    let rows: Vec<_> = rows.map(IntoActiveModel::into_active_model).collect();
    if !rows.is_empty() {
        recovery_codes::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Spends a recovery code. False if the account has none of that hash.
///
/// # Errors
/// Those of the database.
pub async fn spend_recovery_code(tx: &impl ConnectionTrait, user: UserId, hash: &str) -> Result<bool> {
    let done = recovery_codes::Entity::delete_many()
        .filter(recovery_codes::Column::Hash.eq(hash))
        .filter(recovery_codes::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many recovery codes the account has left.
///
/// # Errors
/// Those of the database.
pub async fn count_recovery_codes(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    Ok(recovery_codes::Entity::find().filter(recovery_codes::Column::UserId.eq(user.0)).count(db).await?)
}

/// Forgets all that belongs to the account's second factor.
///
/// # Errors
/// Those of the database.
pub async fn delete_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    authenticators::Entity::delete_by_id(user.0).exec(tx).await?;
    replace_recovery_codes(tx, user, &[]).await?;
    pending_sign_ins::Entity::delete_many()
        .filter(pending_sign_ins::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Has a sign-in wait for its code. Of those that the account has, the newest [`MAX_PENDING`] go on waiting.
///
/// # Errors
/// Those of the database.
pub async fn insert_pending(tx: &impl ConnectionTrait, row: pending_sign_ins::Model) -> Result<()> {
    let excess: Vec<String> = pending_sign_ins::Entity::find()
        .select_only()
        .column(pending_sign_ins::Column::Hash)
        .filter(pending_sign_ins::Column::UserId.eq(row.user_id))
        .order_by_desc(pending_sign_ins::Column::ExpiresAt)
        .offset(MAX_PENDING - 1)
        // MySQL has no offset without a limit.
        .limit(MAX_PENDING)
        .into_tuple()
        .all(tx)
        .await?;
    if !excess.is_empty() {
        pending_sign_ins::Entity::delete_many()
            .filter(pending_sign_ins::Column::Hash.is_in(padded(excess)))
            .exec(tx)
            .await?;
    }
    pending_sign_ins::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The sign-in that the token of that hash goes on with, while it is good.
///
/// # Errors
/// Those of the database.
pub async fn find_pending(
    db: &impl ConnectionTrait,
    hash: &str,
    now: Timestamp,
) -> Result<Option<pending_sign_ins::Model>> {
    Ok(pending_sign_ins::Entity::find_by_id(hash.to_owned())
        .filter(pending_sign_ins::Column::ExpiresAt.gt(now.millis()))
        .one(db)
        .await?)
}

/// Ends the waiting of a sign-in. False where it had ended already.
///
/// # Errors
/// Those of the database.
pub async fn spend_pending(tx: &impl ConnectionTrait, hash: &str) -> Result<bool> {
    let done = pending_sign_ins::Entity::delete_by_id(hash.to_owned()).exec(tx).await?;
    Ok(done.rows_affected == 1)
}

/// Deletes those that have waited too long, and says how many.
///
/// # Errors
/// Those of the database.
pub async fn delete_expired(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64> {
    let done = pending_sign_ins::Entity::delete_many()
        .filter(pending_sign_ins::Column::ExpiresAt.lte(now.millis()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
