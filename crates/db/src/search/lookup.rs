//! Asks the index: which messages of some segments may be what is sought.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::{
    Search,
    find::Position,
    hits::{Hits, SLOTS, times_from_bytes},
    words::{Has, sender_mark},
};
use crate::{
    Result,
    lists::padded,
    tables::{search_segments, search_words},
};

/// Values of a list in a statement.
const LIST: usize = 1_000;
/// Stands behind every word that goes on.
const LAST: char = '\u{10FFFF}';

/// A segment of the index, without its content.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(super) struct Segment {
    pub(super) id: Uuid,
    pub(super) room_id: Uuid,
    pub(super) number: i64,
    pub(super) oldest: i64,
    pub(super) newest: i64,
}

impl Segment {
    /// Whether all of it lies up to that seq.
    pub(super) const fn is_hidden(&self, hidden_seq: i64) -> bool {
        (self.number + 1) * SLOTS - 1 <= hidden_seq
    }
}

/// The segments of these rooms.
pub(super) async fn segments(db: &impl ConnectionTrait, rooms: &[Uuid]) -> Result<Vec<Segment>> {
    use search_segments::Column::{Id, Newest, Number, Oldest, RoomId};
    let mut segments = Vec::new();
    for rooms in rooms.chunks(LIST) {
        let query = search_segments::Entity::find()
            .select_only()
            .columns([Id, RoomId, Number, Oldest, Newest])
            .filter(RoomId.is_in(padded(rooms.iter().copied())));
        segments.extend(query.into_model::<Segment>().all(db).await?);
    }
    Ok(segments)
}

/// The messages of these segments that the index takes for what is sought, in no order.
pub(super) async fn candidates(
    db: &impl ConnectionTrait,
    search: &Search,
    segments: &[Segment],
) -> Result<Vec<Position>> {
    let mut left: HashMap<Uuid, Hits> = segments.iter().map(|segment| (segment.id, Hits::ALL)).collect();
    let needs = search.query.words.needs();
    let words: Vec<String> =
        needs.words.into_iter().chain(search.filter.has.iter().copied().map(Has::mark)).collect();
    for words in words.chunks(LIST) {
        keep_all(db, words, &mut left).await?;
    }
    if let Some(senders) = &search.filter.senders {
        let marks: Vec<String> = senders.iter().copied().map(sender_mark).take(LIST).collect();
        keep_any(db, Condition::all().add(search_words::Column::Word.is_in(padded(marks))), &mut left)
            .await?;
    }
    for prefix in needs.prefixes {
        let last = format!("{prefix}{LAST}");
        keep_any(db, Condition::all().add(search_words::Column::Word.between(prefix, last)), &mut left)
            .await?;
    }
    let times = times(db, left.keys().copied().collect()).await?;
    let of = |segment: &Segment| {
        let (hits, room, first) = (left.get(&segment.id).copied(), segment.room_id, segment.number * SLOTS);
        let times = times.get(&segment.id).into_iter().flatten();
        times
            .filter(move |(slot, _)| hits.is_some_and(|hits| hits.has(*slot)))
            .map(move |(slot, time)| Position { time: *time, room, seq: first + i64::from(*slot) })
            .collect::<Vec<_>>()
    };
    Ok(segments.iter().flat_map(of).collect())
}

/// Keeps what has every one of the words.
async fn keep_all(db: &impl ConnectionTrait, words: &[String], left: &mut HashMap<Uuid, Hits>) -> Result<()> {
    let is_word = Condition::all().add(search_words::Column::Word.is_in(padded(words)));
    let mut found: HashMap<Uuid, (usize, Hits)> = HashMap::new();
    for row in rows(db, left, is_word).await? {
        let (count, hits) = found.entry(row.0).or_insert((0, Hits::ALL));
        *count += 1;
        hits.and(&Hits::from_bytes(&row.1));
    }
    found.retain(|_, (count, _)| *count == words.len());
    keep(left, found.into_iter().map(|(id, (_, hits))| (id, hits)).collect());
    Ok(())
}

/// Keeps what has at least one of the words.
async fn keep_any(
    db: &impl ConnectionTrait,
    is_word: Condition,
    left: &mut HashMap<Uuid, Hits>,
) -> Result<()> {
    let mut found: HashMap<Uuid, Hits> = HashMap::new();
    for row in rows(db, left, is_word).await? {
        found.entry(row.0).or_default().or(&Hits::from_bytes(&row.1));
    }
    keep(left, found);
    Ok(())
}

fn keep(left: &mut HashMap<Uuid, Hits>, found: HashMap<Uuid, Hits>) {
    left.retain(|id, hits| {
        hits.and(found.get(id).unwrap_or(&Hits::default()));
        !hits.is_empty()
    });
}

async fn rows(
    db: &impl ConnectionTrait,
    left: &HashMap<Uuid, Hits>,
    is_word: Condition,
) -> Result<Vec<(Uuid, Vec<u8>)>> {
    let ids: BTreeSet<Uuid> = left.keys().copied().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query: Select<search_words::Entity> = search_words::Entity::find();
    Ok(query
        .select_only()
        .columns([search_words::Column::SegmentId, search_words::Column::Hits])
        .filter(search_words::Column::SegmentId.is_in(padded(ids)))
        .filter(is_word)
        .into_tuple::<(Uuid, Vec<u8>)>()
        .all(db)
        .await?)
}

async fn times(db: &impl ConnectionTrait, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Vec<(u16, i64)>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = search_segments::Entity::find()
        .select_only()
        .columns([search_segments::Column::Id, search_segments::Column::Times])
        .filter(search_segments::Column::Id.is_in(padded(ids)))
        .into_tuple::<(Uuid, Vec<u8>)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, times)| (id, times_from_bytes(&times))).collect())
}
