//! People as they stand beside what they have said and done.

use std::collections::HashMap;

use charla_protocol::{UserId, users::UserSummary};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect,
};
use uuid::Uuid;

use crate::{
    Result,
    columns::Columns,
    lists::padded,
    tables::{files::avatar_url, users},
};

/// People by their ids.
pub type People = HashMap<Uuid, UserSummary>;

/// What a statement has to ask for, in this order, so that [`read`] can read it.
pub(super) const COLUMNS: [users::Column; 5] = [
    users::Column::Id,
    users::Column::Username,
    users::Column::DisplayName,
    users::Column::AvatarId,
    users::Column::OwnerId,
];

/// The next [`COLUMNS`] of a row.
pub(super) fn read(columns: &mut Columns<'_>) -> Result<UserSummary, DbErr> {
    Ok(UserSummary {
        id: UserId(columns.take()?),
        username: columns.take()?,
        display_name: columns.take()?,
        avatar_url: columns.take::<Option<Uuid>>()?.map(avatar_url),
        is_bot: columns.take::<Option<Uuid>>()?.is_some(),
    })
}

struct Row(UserSummary);

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        read(&mut Columns::of(row)).map(Self)
    }
}

/// # Errors
/// Those of the database.
pub async fn of(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<People> {
    let ids = padded(ids);
    if ids.is_empty() {
        return Ok(People::new());
    }
    let rows = users::Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(users::Column::Id.is_in(ids))
        .into_model::<Row>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|Row(person)| (person.id.0, person)).collect())
}
