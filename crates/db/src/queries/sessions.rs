//! Signed-in devices.

use std::collections::HashMap;

use charla_protocol::{SessionId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Result,
    lists::padded,
    tables::{sessions, users},
};

/// Sessions that one statement ends because there are too many. What is left ends when the next one begins.
const MAX_ENDED: u64 = 1000;

/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, session: sessions::Model) -> Result<()> {
    sessions::Entity::insert(session.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// A session with its account, ended or not.
///
/// # Errors
/// Those of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<(sessions::Model, users::Model)>> {
    let found = sessions::Entity::find_by_id(id.0).find_also_related(users::Entity).one(db).await?;
    Ok(found.and_then(|(session, user)| user.map(|user| (session, user))))
}

/// These sessions with their accounts, ended or not.
///
/// # Errors
/// Those of the database.
pub async fn find_all(
    db: &impl ConnectionTrait,
    ids: &[SessionId],
) -> Result<HashMap<SessionId, (sessions::Model, users::Model)>> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .find_also_related(users::Entity)
        .all(db)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(session, user)| Some((SessionId(session.id), (session, user?))))
        .collect())
}

/// The account's sessions that have not ended, the latest used first.
///
/// # Errors
/// Those of the database.
pub async fn live_of_user(
    db: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<sessions::Model>> {
    Ok(sessions::Entity::find()
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::EndedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(sessions::Column::LastUsedAt)
        .all(db)
        .await?)
}

/// Which of these sessions are good for nothing: those that have ended or expired, or whose account is out of use; with
/// `only_verified`, those too whose account has to verify its e-mail address first.
///
/// # Errors
/// Those of the database.
pub async fn barred(
    db: &impl ConnectionTrait,
    ids: &[SessionId],
    only_verified: bool,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let is_over = Condition::any()
        .add(sessions::Column::EndedAt.is_not_null())
        .add(sessions::Column::ExpiresAt.lte(now.millis()))
        .add(users::Column::IsActive.eq(false))
        .add(users::Column::BannedUntil.gt(now.millis()));
    let is_barred = if only_verified { is_over.add(users::are_unverified()) } else { is_over };
    let ids: Vec<Uuid> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .inner_join(users::Entity)
        .filter(sessions::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(is_barred)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Spends the refresh token `old` for `new`. False if `old` is not the one that is good now, or the session has ended.
///
/// # Errors
/// Those of the database.
pub async fn rotate(
    tx: &impl ConnectionTrait,
    id: SessionId,
    old: Uuid,
    new: Uuid,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    let done = sessions::Entity::update_many()
        .col_expr(sessions::Column::RefreshId, Expr::value(new))
        .col_expr(sessions::Column::LastUsedAt, Expr::value(now.millis()))
        .col_expr(sessions::Column::ExpiresAt, Expr::value(expires_at.millis()))
        .filter(sessions::Column::Id.eq(id.0))
        .filter(sessions::Column::RefreshId.eq(old))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends one live session of the account. False if there was none of that id.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &impl ConnectionTrait, user: UserId, id: SessionId, now: Timestamp) -> Result<bool> {
    let done = sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::value(now.millis()))
        .filter(sessions::Column::Id.eq(id.0))
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all live sessions of the account but `keep`, and gives their ids.
///
/// # Errors
/// Those of the database.
pub async fn end_all(
    tx: &impl ConnectionTrait,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let mut query = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::EndedAt.is_null());
    if let Some(keep) = keep {
        query = query.filter(sessions::Column::Id.ne(keep.0));
    }
    let ids = query.lock_exclusive().into_tuple().all(tx).await?;
    end_these(tx, ids, now).await
}

/// Ends what live sessions the account has beyond the `most` it may have, those that have been unused for the longest; never
/// `newest`. Gives their ids.
///
/// # Errors
/// Those of the database.
pub async fn end_excess(
    tx: &impl ConnectionTrait,
    user: UserId,
    newest: SessionId,
    most: u64,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let ids: Vec<Uuid> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::Id.ne(newest.0))
        .filter(sessions::Column::EndedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(sessions::Column::LastUsedAt)
        .order_by_desc(sessions::Column::Id)
        .offset(most.saturating_sub(1))
        // MySQL has no offset without a limit.
        .limit(MAX_ENDED)
        .into_tuple()
        .all(tx)
        .await?;
    end_these(tx, ids, now).await
}

async fn end_these(tx: &impl ConnectionTrait, ids: Vec<Uuid>, now: Timestamp) -> Result<Vec<SessionId>> {
    if !ids.is_empty() {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::EndedAt, Expr::value(now.millis()))
            .filter(sessions::Column::Id.is_in(padded(ids.iter().copied())))
            .exec(tx)
            .await?;
    }
    Ok(ids.into_iter().map(SessionId).collect())
}

/// The addresses from which the account was in use since then with that user agent.
///
/// # Errors
/// Those of the database.
pub async fn addresses(
    db: &impl ConnectionTrait,
    user: UserId,
    user_agent: &str,
    since: Timestamp,
) -> Result<Vec<String>> {
    let addresses: Vec<Option<String>> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::IpAddress)
        .distinct()
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::UserAgent.eq(user_agent))
        .filter(sessions::Column::LastUsedAt.gte(since.millis()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(addresses.into_iter().flatten().collect())
}

/// Forgets on which devices the account was signed in, and where from.
///
/// # Errors
/// Those of the database.
pub async fn forget_devices(tx: &impl ConnectionTrait, user: UserId) -> Result<()> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::UserAgent, Expr::value(""))
        .col_expr(sessions::Column::IpAddress, Expr::value(None::<String>))
        .filter(sessions::Column::UserId.eq(user.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes sessions that were over before `over`, and unused since `unused`; `limit` at most. Says how many.
///
/// # Errors
/// Those of the database.
pub async fn delete_dead(
    tx: &impl ConnectionTrait,
    over: Timestamp,
    unused: Timestamp,
    limit: u64,
) -> Result<u64> {
    let is_over = Condition::any()
        .add(sessions::Column::EndedAt.lt(over.millis()))
        .add(sessions::Column::ExpiresAt.lt(over.millis()));
    let ids: Vec<Uuid> = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(is_over)
        .filter(sessions::Column::LastUsedAt.lt(unused.millis()))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let done =
        sessions::Entity::delete_many().filter(sessions::Column::Id.is_in(padded(ids))).exec(tx).await?;
    Ok(done.rows_affected)
}
