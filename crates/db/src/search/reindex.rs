//! Writes the whole index anew from the messages, a segment at a time, while everything goes on. How far it has come is kept
//! in the database: who ends it and starts it again goes on from there.

use std::time::Duration;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{hits::segment_of, index};
use crate::{Db, Error, Result, clock::Clock, queries::server_state, tables::rooms};

const STATE: &str = "search_reindex";
/// How often a segment is tried.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(50);

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Of so many thousands of messages, about.
    pub segments: u64,
    pub done: u64,
}

/// The next segment to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Next {
    room: Uuid,
    number: i64,
    /// The room's revision when its first segment was written: up to it the room's part will be whole.
    revision: i64,
}

/// A room to go through.
#[derive(Clone, Copy, Debug)]
struct Extent {
    room: Uuid,
    revision: i64,
    segments: i64,
}

/// Writes the index anew. `tell` hears how far it is, first of all where it begins.
///
/// # Errors
/// Those of the database. What has been done until then stays.
pub async fn reindex(db: &Db, clock: &dyn Clock, mut tell: impl FnMut(Progress)) -> Result<()> {
    let extents = extents(db.read()).await?;
    let begun = begun(db.read()).await?;
    let segments = extents.iter().map(|extent| extent.segments.unsigned_abs()).sum();
    let mut done: u64 = begun.map_or(0, |next| {
        let before = extents
            .iter()
            .filter(|extent| extent.room < next.room)
            .map(|extent| extent.segments)
            .sum::<i64>();
        (before + next.number).unsigned_abs()
    });
    tell(Progress { segments, done });
    for extent in extents {
        let first = match begun {
            Some(next) if extent.room < next.room => continue,
            Some(next) if extent.room == next.room => next,
            _ => Next { room: extent.room, number: 0, revision: extent.revision },
        };
        for number in first.number..extent.segments {
            write_segment(db, clock, Next { number, ..first }, number + 1 == extent.segments).await?;
            done += 1;
            tell(Progress { segments, done });
        }
    }
    let tx = db.begin().await?;
    server_state::delete(&tx, STATE).await?;
    Ok(tx.commit().await?)
}

/// The rooms with messages, in the order in which they are gone through.
async fn extents(db: &impl ConnectionTrait) -> Result<Vec<Extent>> {
    let rooms = rooms::Entity::find()
        .select_only()
        .columns([rooms::Column::Id, rooms::Column::Revision, rooms::Column::LastSeq])
        .filter(rooms::Column::LastSeq.gt(0))
        .order_by_asc(rooms::Column::Id)
        .into_tuple::<(Uuid, i64, i64)>()
        .all(db)
        .await?;
    let extent = |(room, revision, last_seq)| Extent { room, revision, segments: segment_of(last_seq) + 1 };
    let mut extents: Vec<Extent> = rooms.into_iter().map(extent).collect();
    // As they compare here, whatever the database thinks.
    extents.sort_by_key(|extent| extent.room);
    Ok(extents)
}

async fn begun(db: &impl ConnectionTrait) -> Result<Option<Next>> {
    let state = server_state::get(db, STATE).await?;
    Ok(state.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Where a server writes the same room's index at that moment, it is tried again.
async fn write_segment(db: &Db, clock: &dyn Clock, this: Next, is_last: bool) -> Result<()> {
    let mut attempt = 1;
    loop {
        match try_segment(db, clock, this, is_last).await {
            Err(Error::Duplicate | Error::Busy(_)) if attempt < ATTEMPTS => {
                tokio::time::sleep(PAUSE * attempt).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

async fn try_segment(db: &Db, clock: &dyn Clock, this: Next, is_last: bool) -> Result<()> {
    let tx = db.begin().await?;
    let indexed = index::lock(&tx, this.room).await?;
    index::rebuild(&tx, clock, this.room, this.number).await?;
    if is_last {
        index::set_indexed(&tx, this.room, indexed.max(this.revision)).await?;
    }
    let next = Next { number: this.number + 1, ..this };
    server_state::set(&tx, STATE, &serde_json::to_string(&next).unwrap_or_default()).await?;
    Ok(tx.commit().await?)
}
