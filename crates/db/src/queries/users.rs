//! Accounts.

use charla_protocol::{ErrorCode, Timestamp, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, LikeExpr},
};
use uuid::Uuid;

use super::{blocks, contains, cut, escape_like};
use crate::{Error, Pair, Result, fold, lists::padded, tables::users};

/// # Errors
/// `Duplicate` where the username or e-mail address is taken.
pub async fn insert(tx: &impl ConnectionTrait, user: users::Model) -> Result<()> {
    users::Entity::insert(user.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes all columns of a changed row.
///
/// # Errors
/// `Duplicate` where the e-mail address is taken.
pub async fn update(tx: &impl ConnectionTrait, user: users::Model) -> Result<()> {
    let id = user.id;
    users::Entity::update_many()
        .set(user.into_active_model().reset_all())
        .filter(users::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<Option<users::Model>> {
    Ok(users::Entity::find_by_id(id.0).one(db).await?)
}

/// Those of the ids that are accounts, in use or not.
///
/// # Errors
/// Those of the database.
pub async fn find_all(db: &impl ConnectionTrait, ids: &[UserId]) -> Result<Vec<users::Model>> {
    Ok(users::Entity::find()
        .filter(users::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .all(db)
        .await?)
}

/// An account, with the row locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &impl ConnectionTrait, id: UserId) -> Result<Option<users::Model>> {
    Ok(users::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?)
}

/// The same for who writes something of their own: an account that has been deleted stays as it was left.
///
/// # Errors
/// `session_ended` where the account is not in use any more.
pub async fn lock_active(tx: &impl ConnectionTrait, id: UserId) -> Result<users::Model> {
    lock(tx, id).await?.filter(|user| user.is_active).ok_or(Error::Conflict(ErrorCode::SessionEnded))
}

/// Refuses where the account is not in use any more. Until the transaction ends, nobody deletes it.
///
/// # Errors
/// `session_ended`
pub async fn check_active(tx: &impl ConnectionTrait, id: UserId) -> Result<()> {
    let held = hold_active(tx, &[id]).await?;
    if held.is_empty() { Err(Error::Conflict(ErrorCode::SessionEnded)) } else { Ok(()) }
}

/// The same, and where staff do not let the account write.
///
/// # Errors
/// `session_ended`, `Sanctioned`.
pub async fn check_may_write(tx: &impl ConnectionTrait, id: UserId, now: Timestamp) -> Result<()> {
    let held = hold_active(tx, &[id]).await?.pop();
    held.ok_or(Error::Conflict(ErrorCode::SessionEnded))?.check_mute(now)
}

/// Locks both people's rows, so that nothing between the two changes until the transaction ends. Always in the order of
/// their ids, so that two transactions can't wait for each other; who needs the lock of a room as well takes that first.
///
/// # Errors
/// `NotFound` where one is nobody, or nobody any more.
pub async fn lock_both(
    tx: &impl ConnectionTrait,
    one: UserId,
    other: UserId,
) -> Result<(users::Model, users::Model)> {
    let pair = Pair::of(one, other);
    let low = lock(tx, pair.low).await?.filter(is_there).ok_or(Error::NotFound)?;
    let high = lock(tx, pair.high).await?.filter(is_there).ok_or(Error::NotFound)?;
    Ok(if pair.low == one { (low, high) } else { (high, low) })
}

fn is_there(user: &users::Model) -> bool {
    user.deleted_at.is_none()
}

/// The account of an e-mail address.
///
/// # Errors
/// Those of the database.
pub async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<users::Model>> {
    Ok(users::Entity::find().filter(users::Column::EmailKey.eq(fold::email_key(email))).one(db).await?)
}

/// Locks the accounts in use that may do everything, in the order of their ids, and gives these.
///
/// # Errors
/// Those of the database.
pub async fn lock_superusers(tx: &impl ConnectionTrait) -> Result<Vec<UserId>> {
    let rows = users::Entity::find()
        .filter(users::Column::IsSuperuser.eq(true))
        .filter(users::Column::IsActive.eq(true))
        .order_by_asc(users::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.iter().map(users::Model::user_id).collect())
}

/// Those of the ids that are accounts in use. Until the transaction ends, nobody deletes them, nor sets or
/// lifts a block for or against them.
///
/// # Errors
/// Those of the database.
pub async fn hold_active(tx: &impl ConnectionTrait, ids: &[UserId]) -> Result<Vec<users::Model>> {
    Ok(users::Entity::find()
        .filter(users::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(users::Column::IsActive.eq(true))
        .order_by_asc(users::Column::Id)
        .lock_shared()
        .all(tx)
        .await?)
}

/// Those of the ids that are accounts in use.
///
/// # Errors
/// Those of the database.
pub async fn active(db: &impl ConnectionTrait, ids: &[UserId]) -> Result<Vec<users::Model>> {
    Ok(users::Entity::find()
        .filter(users::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(users::Column::IsActive.eq(true))
        .all(db)
        .await?)
}

/// By e-mail address, or by username. An address always leads to its owner: two accounts made at the same moment could
/// still have it as the one's username and the other's address.
///
/// # Errors
/// Those of the database.
pub async fn find_by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<users::Model>> {
    if login.contains('@')
        && let Some(user) = find_by_email(db, login).await?
    {
        return Ok(Some(user));
    }
    Ok(users::Entity::find().filter(users::Column::UsernameKey.eq(fold::name_key(login))).one(db).await?)
}

/// Names that somebody wants to sign in with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    pub username: Option<&'a str>,
    pub email: Option<&'a str>,
}

/// Which of them another account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub username: bool,
    pub email: bool,
}

/// Which of the names an account other than `except` signs in with. What is somebody's address can't be another's username,
/// nor the other way round.
///
/// # Errors
/// Those of the database.
pub async fn taken(db: &impl ConnectionTrait, names: Names<'_>, except: Option<UserId>) -> Result<Taken> {
    let username = names.username.map(|name| (fold::name_key(name), fold::email_key(name)));
    let email = names.email.map(|email| (fold::name_key(email), fold::email_key(email)));
    let username_keys = username.iter().chain(&email).map(|(as_name, _)| as_name);
    let email_keys = username.iter().flat_map(|(as_name, as_email)| [as_name, as_email]);
    let email_keys = email_keys.chain(email.iter().map(|(_, as_email)| as_email));
    let mut query = users::Entity::find().filter(
        Condition::any()
            .add(users::Column::UsernameKey.is_in(padded(username_keys)))
            .add(users::Column::EmailKey.is_in(padded(email_keys))),
    );
    if let Some(except) = except {
        query = query.filter(users::Column::Id.ne(except.0));
    }
    let rows = query.all(db).await?;
    Ok(Taken {
        username: username.is_some_and(|(as_name, as_email)| {
            rows.iter().any(|row| {
                row.username_key == as_name || has_email(row, &as_name) || has_email(row, &as_email)
            })
        }),
        email: email.is_some_and(|(as_name, as_email)| {
            rows.iter().any(|row| row.username_key == as_name || has_email(row, &as_email))
        }),
    })
}

fn has_email(row: &users::Model, key: &str) -> bool {
    row.email_key.as_deref() == Some(key)
}

/// Whether somebody may administrate the server.
///
/// # Errors
/// Those of the database.
pub async fn has_superuser(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(users::Entity::find().filter(users::Column::IsSuperuser.eq(true)).one(db).await?.is_some())
}

/// How many accounts there are.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(users::Entity::find().count(db).await?)
}

/// Whether each of these people shares how far they have read, and whether they are there.
///
/// # Errors
/// Those of the database.
pub async fn shares(db: &impl ConnectionTrait, ids: &[UserId]) -> Result<Vec<(UserId, bool, bool)>> {
    let rows: Vec<(Uuid, bool, bool)> = users::Entity::find()
        .select_only()
        .columns([users::Column::Id, users::Column::SendReadReceipts, users::Column::ShowLastSeen])
        .filter(users::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(user, receipts, presence)| (UserId(user), receipts, presence)).collect())
}

/// Notes when these people were last seen. A statement has a parameter for each: SQLite takes 32,766.
///
/// # Errors
/// Those of the database.
pub async fn set_last_seen(tx: &impl ConnectionTrait, ids: &[UserId], at: Timestamp) -> Result<()> {
    seen(ids, at).exec(tx).await?;
    Ok(())
}

/// The same of those who are not noted as seen at that time, or later.
///
/// # Errors
/// Those of the database.
pub async fn raise_last_seen(tx: &impl ConnectionTrait, ids: &[UserId], at: Timestamp) -> Result<()> {
    let column = users::Column::LastSeen;
    let is_earlier = Condition::any().add(column.is_null()).add(column.lt(at.millis()));
    seen(ids, at).filter(is_earlier).exec(tx).await?;
    Ok(())
}

fn seen(ids: &[UserId], at: Timestamp) -> UpdateMany<users::Entity> {
    users::Entity::update_many()
        .col_expr(users::Column::LastSeen, Expr::value(at.millis()))
        .filter(users::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(users::Column::DeletedAt.is_null())
}

/// Accounts in use by exact id, username or display name; those that begin with the text come first.
/// An empty text finds everybody. Nobody whom a block parts from `viewer`. Past `offset`, at most `limit`, and whether there
/// are more.
///
/// # Errors
/// Those of the database.
pub async fn search(
    db: &impl ConnectionTrait,
    viewer: Option<UserId>,
    text: &str,
    offset: u64,
    limit: u64,
) -> Result<(Vec<users::Model>, bool)> {
    let mut query = users::Entity::find().filter(users::Column::IsActive.eq(true));
    if let Some(viewer) = viewer {
        query = query.filter(users::Column::Id.not_in_subquery(blocks::parted_from(viewer)));
    }
    if let Ok(id) = Uuid::parse_str(text) {
        query = query.filter(users::Column::Id.eq(id));
    } else if !text.is_empty() {
        query = matching(query, text);
    }
    let mut rows =
        query.order_by_asc(users::Column::UsernameKey).offset(offset).limit(limit + 1).all(db).await?;
    let more = cut(&mut rows, limit);
    Ok((rows, more))
}

fn matching(query: sea_orm::Select<users::Entity>, text: &str) -> sea_orm::Select<users::Entity> {
    let (name, shown) = (fold::name_key(text), fold::search_key(text));
    let begins = Condition::any()
        .add(users::Column::UsernameKey.like(begins(&name)))
        .add(users::Column::DisplayNameKey.like(begins(&shown)));
    let contains = Condition::any()
        .add(users::Column::UsernameKey.like(contains(&name)))
        .add(users::Column::DisplayNameKey.like(contains(&shown)));
    let rank: Expr = Expr::case(begins, 0).finally(1).into();
    query.filter(contains).order_by_asc(rank)
}

fn begins(key: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%", escape_like(key))).escape('!')
}
