//! Writes the index. A room's part of it is written under the lock of its row in `search_rooms`, in transactions of its
//! own, behind the commits: `search_rooms.revision` says how far it has come, and what lies past that is read from the
//! messages themselves.
//!
//! Words only ever come to a message that is edited: what it no longer has is found out when it is read. When one is
//! deleted, its segment is written anew without it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use charla_protocol::RoomId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
    sea_query::{Alias, Expr, Query},
};
use uuid::Uuid;

use super::{
    document::marks_of,
    hits::{Hits, SLOTS, Times, segment_of, slot_of, times_from_bytes, times_to_bytes},
    words::words_of,
};
use crate::{
    Db, Result,
    clock::Clock,
    lists::padded,
    queries::files,
    tables::{messages, rooms, search_rooms, search_segments, search_words},
};

/// Changes that are indexed in one transaction: SQLite's one writer is kept for a few hundredths of a second.
const BATCH: u64 = 256;
/// Rows of a statement, and values of a list in one.
const ROWS: usize = 500;

/// The rooms whose changes are not all in the index.
///
/// # Errors
/// Those of the database.
pub async fn behind(db: &impl ConnectionTrait) -> Result<Vec<RoomId>> {
    let indexed = || Expr::col((search_rooms::Entity, search_rooms::Column::Revision));
    let ids = rooms::Entity::find()
        .select_only()
        .column(rooms::Column::Id)
        .join(JoinType::LeftJoin, indexed_of_room())
        .filter(indexed().is_null().or(Expr::col((rooms::Entity, rooms::Column::Revision)).gt(indexed())))
        .filter(rooms::Column::Revision.gt(0))
        .into_tuple::<Uuid>()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(RoomId).collect())
}

pub(super) fn indexed_of_room() -> RelationDef {
    rooms::Entity::belongs_to(search_rooms::Entity)
        .from(rooms::Column::Id)
        .to(search_rooms::Column::RoomId)
        .into()
}

/// Indexes the next changes of a room, and says whether there may be more.
///
/// # Errors
/// Those of the database; `Duplicate` or `Busy` where another node indexes the same.
pub async fn catch_up(db: &Db, clock: &dyn Clock, room: RoomId) -> Result<bool> {
    let tx = db.begin().await?;
    let indexed = lock(&tx, room.0).await?;
    let changed = messages::Entity::find()
        .filter(messages::Column::RoomId.eq(room.0))
        .filter(messages::Column::Revision.gt(indexed))
        .order_by_asc(messages::Column::Revision)
        .limit(BATCH)
        .all(&tx)
        .await?;
    let is_whole = (changed.len() as u64) < BATCH;
    let Some(revision) = changed.last().map(|row| row.revision) else { return Ok(false) };
    write(&tx, clock, room.0, changed).await?;
    set_indexed(&tx, room.0, revision).await?;
    tx.commit().await?;
    Ok(!is_whole)
}

/// Takes the lock of a room's index, and gives the revision up to which it goes.
pub(super) async fn lock(tx: &DatabaseTransaction, room: Uuid) -> Result<i64> {
    if let Some(row) = search_rooms::Entity::find_by_id(room).lock_exclusive().one(tx).await? {
        return Ok(row.revision);
    }
    let row = search_rooms::Model { room_id: room, revision: 0 };
    search_rooms::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(0)
}

pub(super) async fn set_indexed(tx: &DatabaseTransaction, room: Uuid, revision: i64) -> Result<()> {
    search_rooms::Entity::update_many()
        .col_expr(search_rooms::Column::Revision, Expr::value(revision))
        .filter(search_rooms::Column::RoomId.eq(room))
        .exec(tx)
        .await?;
    Ok(())
}

async fn write(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    room: Uuid,
    changed: Vec<messages::Model>,
) -> Result<()> {
    let mut segments: BTreeMap<i64, Vec<messages::Model>> = BTreeMap::new();
    for row in changed {
        segments.entry(segment_of(row.seq)).or_default().push(row);
    }
    for (number, rows) in segments {
        let stored = find_segment(tx, room, number).await?;
        let known: Times = stored.iter().flat_map(|segment| times_from_bytes(&segment.times)).collect();
        let is_gone =
            |row: &messages::Model| row.deleted_at.is_some() && known.contains_key(&slot_of(row.seq));
        if rows.iter().any(is_gone) {
            rebuild(tx, clock, room, number).await?;
        } else {
            extend(tx, clock, (room, number), stored, known, &rows).await?;
        }
    }
    Ok(())
}

async fn find_segment(
    tx: &DatabaseTransaction,
    room: Uuid,
    number: i64,
) -> Result<Option<search_segments::Model>> {
    Ok(search_segments::Entity::find()
        .filter(search_segments::Column::RoomId.eq(room))
        .filter(search_segments::Column::Number.eq(number))
        .one(tx)
        .await?)
}

/// Writes a segment anew from the messages as they now stand.
///
/// # Errors
/// Those of the database.
pub(super) async fn rebuild(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    room: Uuid,
    number: i64,
) -> Result<()> {
    let stored = find_segment(tx, room, number).await?;
    if let Some(segment) = &stored {
        search_words::Entity::delete_many()
            .filter(search_words::Column::SegmentId.eq(segment.id))
            .exec(tx)
            .await?;
    }
    let rows = messages::Entity::find()
        .filter(messages::Column::RoomId.eq(room))
        .filter(messages::Column::Seq.between(number * SLOTS, (number + 1) * SLOTS - 1))
        .all(tx)
        .await?;
    extend(tx, clock, (room, number), stored, Times::new(), &rows).await
}

/// Adds messages to a segment with these times, or to a new one. It keeps its id: a search may have read that already.
async fn extend(
    tx: &DatabaseTransaction,
    clock: &dyn Clock,
    (room, number): (Uuid, i64),
    stored: Option<search_segments::Model>,
    mut times: Times,
    rows: &[messages::Model],
) -> Result<()> {
    let known = times.len();
    let words = words_by_hits(tx, rows, &mut times).await?;
    let (Some(oldest), Some(newest)) = (times.values().min().copied(), times.values().max().copied()) else {
        // None of its messages is left.
        if let Some(segment) = stored {
            search_segments::Entity::delete_by_id(segment.id).exec(tx).await?;
        }
        return Ok(());
    };
    let id = match stored {
        Some(segment) if known == times.len() => segment.id,
        Some(segment) => {
            search_segments::Entity::update_many()
                .col_expr(search_segments::Column::Oldest, Expr::value(oldest))
                .col_expr(search_segments::Column::Newest, Expr::value(newest))
                .col_expr(search_segments::Column::Times, Expr::value(times_to_bytes(&times)))
                .filter(search_segments::Column::Id.eq(segment.id))
                .exec(tx)
                .await?;
            segment.id
        }
        None => {
            let id = clock.id();
            let times = times_to_bytes(&times);
            let row = search_segments::Model { id, room_id: room, number, oldest, newest, times };
            search_segments::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
            id
        }
    };
    if known == 0 { insert_words(tx, id, &words).await } else { merge_words(tx, id, words).await }
}

/// Which of the messages have each word; when they were said goes to `times`.
async fn words_by_hits(
    tx: &DatabaseTransaction,
    rows: &[messages::Model],
    times: &mut Times,
) -> Result<BTreeMap<String, Hits>> {
    let attachments = files::of_messages(tx, rows).await?;
    let mut words: BTreeMap<String, Hits> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.deleted_at.is_none() && row.message_type != "system") {
        let slot = slot_of(row.seq);
        times.insert(slot, row.created_at);
        let marks = marks_of(row, attachments.get(&row.id).map(Vec::as_slice).unwrap_or_default());
        for word in words_of(&row.content).into_iter().chain(marks) {
            words.entry(word).or_default().insert(slot);
        }
    }
    Ok(words)
}

/// Adds hits to words that may be there, and leaves alone those that have them.
async fn merge_words(
    tx: &DatabaseTransaction,
    segment: Uuid,
    mut words: BTreeMap<String, Hits>,
) -> Result<()> {
    let names: Vec<String> = words.keys().cloned().collect();
    let mut outdated = BTreeSet::new();
    for names in names.chunks(ROWS) {
        for (word, stored) in stored_words(tx, segment, names).await? {
            let Some(hits) = words.get_mut(&word) else { continue };
            hits.or(&stored);
            if *hits == stored {
                words.remove(&word);
            } else {
                outdated.insert(word);
            }
        }
    }
    let outdated: Vec<String> = outdated.into_iter().collect();
    for outdated in outdated.chunks(ROWS) {
        search_words::Entity::delete_many()
            .filter(search_words::Column::SegmentId.eq(segment))
            .filter(search_words::Column::Word.is_in(padded(outdated)))
            .exec(tx)
            .await?;
    }
    insert_words(tx, segment, &words).await
}

async fn stored_words(
    tx: &DatabaseTransaction,
    segment: Uuid,
    names: &[String],
) -> Result<HashMap<String, Hits>> {
    let rows = search_words::Entity::find()
        .filter(search_words::Column::SegmentId.eq(segment))
        .filter(search_words::Column::Word.is_in(padded(names)))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.word, Hits::from_bytes(&row.hits))).collect())
}

/// In the order of the key: the rows lie side by side.
async fn insert_words(tx: &DatabaseTransaction, segment: Uuid, words: &BTreeMap<String, Hits>) -> Result<()> {
    let words: Vec<(&String, &Hits)> = words.iter().collect();
    for words in words.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(search_words::Entity).columns(["segment_id", "word", "hits"].map(Alias::new));
        for (word, hits) in words {
            insert.values_panic([segment.into(), word.as_str().into(), hits.to_bytes().into()]);
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}
