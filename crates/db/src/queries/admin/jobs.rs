//! What waits in the background.

use charla_protocol::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    Result,
    tables::{
        files::{self, Purpose},
        mails,
    },
};

/// Mails that wait, how many of them have failed, and since when the oldest waits.
///
/// # Errors
/// Those of the database.
pub async fn mails(db: &impl ConnectionTrait) -> Result<(u64, u64, Option<Timestamp>)> {
    let waiting = mails::Entity::find().count(db).await?;
    let failing = mails::Entity::find().filter(mails::Column::Attempts.gt(0)).count(db).await?;
    let oldest: Option<i64> = mails::Entity::find()
        .select_only()
        .column(mails::Column::CreatedAt)
        .order_by_asc(mails::Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok((waiting, failing, oldest.map(Timestamp::from_millis)))
}

/// Files that nobody has any more, and whose bytes are still to go.
///
/// # Errors
/// Those of the database.
pub async fn discarded_files(db: &impl ConnectionTrait) -> Result<u64> {
    let discarded = files::Column::Purpose.eq(Purpose::Discarded.as_str());
    Ok(files::Entity::find().filter(discarded).count(db).await?)
}
