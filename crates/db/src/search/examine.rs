//! Reads the messages that may be what is sought, and decides.

use std::collections::HashMap;

use charla_protocol::messages::Attachment;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use super::{Search, document::passes, find::Position, highlight::highlight, r#match::matches, words::Has};
use crate::{Error, Result, lists::padded, queries::files, tables::messages};

/// Bytes of text that are looked through at once: a fraction of a millisecond. More is done off the threads that serve everybody.
const AT_ONCE: usize = 8 * 1024;

/// A message that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub row: messages::Model,
    /// Safe HTML.
    pub highlight: String,
}

/// The messages at these positions that are what is sought, in the same order.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    search: &Search,
    positions: &[Position],
) -> Result<Vec<Hit>> {
    let any = padded(positions.iter().copied()).into_iter().fold(Condition::any(), |any, at| {
        any.add(messages::Column::RoomId.eq(at.room).and(messages::Column::Seq.eq(at.seq)))
    });
    let rows = messages::Entity::find().filter(any).all(db).await?;
    let hits = examine(db, search, rows).await?;
    let mut hits: HashMap<Position, Hit> =
        hits.into_iter().map(|hit| (Position::of(&hit.row), hit)).collect();
    Ok(positions.iter().filter_map(|position| hits.remove(position)).collect())
}

/// Those of the messages that are what is sought.
pub(super) async fn examine(
    db: &impl ConnectionTrait,
    search: &Search,
    mut rows: Vec<messages::Model>,
) -> Result<Vec<Hit>> {
    let asks_for_files = search.filter.has.contains(&Has::File) || search.filter.has.contains(&Has::Image);
    let attachments = if asks_for_files { files::of_messages(db, &rows).await? } else { HashMap::new() };
    rows.retain(|row| {
        let attachments: &[Attachment] = attachments.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        passes(&search.filter, row, attachments)
    });
    if rows.iter().map(|row| row.content.len()).sum::<usize>() <= AT_ONCE {
        return Ok(matching(search, rows));
    }
    let search = search.clone();
    let matching = tokio::task::spawn_blocking(move || matching(&search, rows));
    matching.await.map_err(|_| Error::ShuttingDown)
}

fn matching(search: &Search, rows: Vec<messages::Model>) -> Vec<Hit> {
    let hit = |row: messages::Model| {
        let places = matches(&search.query.words, &row.content)?;
        Some(Hit { highlight: highlight(&row.content, &places), row })
    };
    rows.into_iter().filter_map(hit).collect()
}
