//! Accounts.

use charla_protocol::{Timestamp, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LikeExpr},
};
use uuid::Uuid;

use super::cut;
use crate::{Result, fold, tables::users};

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

/// The same, with the row locked until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &impl ConnectionTrait, id: UserId) -> Result<Option<users::Model>> {
    Ok(users::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?)
}

/// Those of the ids that are accounts in use.
///
/// # Errors
/// Those of the database.
pub async fn active(db: &impl ConnectionTrait, ids: &[UserId]) -> Result<Vec<users::Model>> {
    Ok(users::Entity::find()
        .filter(users::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(users::Column::IsActive.eq(true))
        .all(db)
        .await?)
}

/// By username, or by e-mail address.
///
/// # Errors
/// Those of the database.
pub async fn find_by_login(db: &impl ConnectionTrait, login: &str) -> Result<Option<users::Model>> {
    let by_name =
        users::Entity::find().filter(users::Column::UsernameKey.eq(fold::name_key(login))).one(db).await?;
    if by_name.is_some() || !login.contains('@') {
        return Ok(by_name);
    }
    Ok(users::Entity::find().filter(users::Column::EmailKey.eq(fold::email_key(login))).one(db).await?)
}

/// Which of the two is taken by an account other than `except`: (username, e-mail address).
///
/// # Errors
/// Those of the database.
pub async fn taken(
    db: &impl ConnectionTrait,
    username_key: &str,
    email_key: &str,
    except: Option<UserId>,
) -> Result<(bool, bool)> {
    let rows = users::Entity::find()
        .filter(
            Condition::any()
                .add(users::Column::UsernameKey.eq(username_key))
                .add(users::Column::EmailKey.eq(email_key)),
        )
        .all(db)
        .await?;
    let others = || rows.iter().filter(|row| except.is_none_or(|except| row.id != except.0));
    Ok((
        others().any(|row| row.username_key == username_key),
        others().any(|row| row.email_key.as_deref() == Some(email_key)),
    ))
}

/// How many accounts there are.
///
/// # Errors
/// Those of the database.
pub async fn count(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(users::Entity::find().count(db).await?)
}

/// Notes when somebody was last seen.
///
/// # Errors
/// Those of the database.
pub async fn set_last_seen(tx: &impl ConnectionTrait, id: UserId, at: Timestamp) -> Result<()> {
    users::Entity::update_many()
        .col_expr(users::Column::LastSeen, Expr::value(at.millis()))
        .filter(users::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Accounts in use by exact id, username or display name; those that begin with the text come first.
/// An empty text finds everybody. Past `offset`, at most `limit`, and whether there are more.
///
/// # Errors
/// Those of the database.
pub async fn search(
    db: &impl ConnectionTrait,
    text: &str,
    offset: u64,
    limit: u64,
) -> Result<(Vec<users::Model>, bool)> {
    let mut query = users::Entity::find().filter(users::Column::IsActive.eq(true));
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
    let name = escape_like(&fold::name_key(text));
    let shown = escape_like(&fold::search_key(text));
    let begins = Condition::any()
        .add(users::Column::UsernameKey.like(like(format!("{name}%"))))
        .add(users::Column::DisplayNameKey.like(like(format!("{shown}%"))));
    let contains = Condition::any()
        .add(users::Column::UsernameKey.like(like(format!("%{name}%"))))
        .add(users::Column::DisplayNameKey.like(like(format!("%{shown}%"))));
    let rank: Expr = Expr::case(begins, 0).finally(1).into();
    query.filter(contains).order_by_asc(rank)
}

fn like(pattern: String) -> LikeExpr {
    LikeExpr::new(pattern).escape('!')
}

fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
