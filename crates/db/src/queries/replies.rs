//! Who is answered, written for what comes in another way than by the lanes.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    Result,
    dialect::insert_all,
    lists::padded,
    tables::{messages, replies},
};

/// Writes whom these messages answer. They and their targets are there.
///
/// # Errors
/// Those of the database.
pub(super) async fn store(db: &impl ConnectionTrait, rows: &[messages::Model]) -> Result<()> {
    let answers: Vec<(&messages::Model, Uuid)> =
        rows.iter().filter_map(|row| Some((row, row.reply_to_id?))).collect();
    for answers in answers.chunks(super::ROWS) {
        let senders: HashMap<Uuid, Uuid> = messages::Entity::find()
            .select_only()
            .columns([messages::Column::Id, messages::Column::SenderId])
            .filter(messages::Column::Id.is_in(padded(answers.iter().map(|(_, target)| *target))))
            .into_tuple::<(Uuid, Uuid)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let rows = answers.iter().filter_map(|(row, target)| replies::Model::of(row, *senders.get(target)?));
        insert_all(db, rows).await?;
    }
    Ok(())
}
