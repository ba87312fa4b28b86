//! Finds messages: newest first, a page at a time.
//!
//! The index is asked segment by segment in the order of time, and only as far as the page needs. What it gives is read
//! and looked at again, so the results are always what the messages say at that moment.

use std::collections::HashMap;

use charla_protocol::UserId;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Search,
    examine::{self, Hit},
    lookup::{self, Segment},
    scope::{Place, places, unindexed},
};
use crate::{
    Result,
    queries::paging::{Ask, Ends, Seek},
    tables::messages,
};

/// Segments of the first group that is asked for; each further group is so many times as large, up to the last number.
const GROUP: (usize, usize, usize) = (8, 4, 256);
/// Messages that are read at a time, and those that are read for one page at most: a phrase of common words may stand
/// in few of the messages that have them all. A page then ends early, with the way on.
const READ: (usize, usize) = (64, 4_096);
/// Bytes of text on a page at most, if it is more than one message.
const PAGE_BYTES: usize = 1024 * 1024;

/// The place of a message in the order of results: when it was said; what was said in the same millisecond lies room by room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub(super) time: i64,
    pub(super) room: Uuid,
    pub(super) seq: i64,
}

impl Position {
    pub fn of(row: &messages::Model) -> Self {
        Self { time: row.created_at, room: row.room_id, seq: row.seq }
    }
}

/// A page of what was found, newest first.
#[derive(Clone, Debug)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub ends: Ends<Position>,
}

/// A page of the caller's messages that are what is sought. It may end early, or be empty, and lead on all the same.
///
/// # Errors
/// Those of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    caller: UserId,
    search: &Search,
    ask: Ask<Position>,
) -> Result<Found> {
    let limit = usize::try_from(ask.limit).unwrap_or(usize::MAX);
    if search.is_vain() {
        return Ok(Found { hits: Vec::new(), ends: Ends { previous: None, next: None } });
    }
    let way = Way { seek: ask.seek };
    let places = places(db, caller, search).await?;
    // First what is not in the index: what comes to be in it from here on is found twice, not missed.
    let unindexed = unindexed(db, &places, search).await?;
    let places: HashMap<Uuid, Place> = places.into_iter().map(|place| (place.room_id, place)).collect();
    let mut segments = way.segments(db, search, &places).await?;
    let mut page = Page::default();
    let mut waiting: Vec<Position> = unindexed.found.iter().copied().filter(|at| way.leads_to(*at)).collect();
    let mut group = GROUP.0;
    loop {
        let now: Vec<Segment> = segments.drain(..group.min(segments.len())).collect();
        group = (group * GROUP.1).min(GROUP.2);
        let candidates = lookup::candidates(db, search, &now).await?;
        waiting.extend(candidates.into_iter().filter(|at| {
            let is_visible = places.get(&at.room).is_some_and(|place| at.seq > place.hidden_seq);
            is_visible
                && way.leads_to(*at)
                && search.filter.holds_time(at.time)
                && !unindexed.changed.contains(&(at.room, at.seq))
        }));
        let ready = way.take_ready(&mut waiting, segments.first());
        page.read(db, search, &ready, limit).await?;
        if page.is_full || segments.is_empty() {
            return Ok(way.finish(page, limit));
        }
    }
}

/// What has been found so far, in the order in which it is read.
#[derive(Debug, Default)]
struct Page {
    hits: Vec<Hit>,
    examined: usize,
    /// The last message that was looked at, where no more are.
    given_up_at: Option<Position>,
    is_full: bool,
}

impl Page {
    /// Reads on until there is one more than the page holds.
    async fn read(
        &mut self,
        db: &impl ConnectionTrait,
        search: &Search,
        positions: &[Position],
        limit: usize,
    ) -> Result<()> {
        for positions in positions.chunks(READ.0) {
            self.hits.extend(examine::read(db, search, positions).await?);
            self.examined += positions.len();
            let bytes: usize = self.hits.iter().map(Hit::bytes).sum();
            if self.hits.len() > limit || bytes > PAGE_BYTES {
                self.is_full = true;
                return Ok(());
            }
            if self.examined >= READ.1 {
                self.given_up_at = positions.last().copied();
                self.is_full = true;
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Hit {
    fn bytes(&self) -> usize {
        self.row.content.len() + self.row.content_html.len() + self.highlight.len()
    }
}

/// Which way the results are read, and from where.
#[derive(Debug)]
struct Way {
    seek: Seek<Position>,
}

impl Way {
    const fn is_backward(&self) -> bool {
        matches!(self.seek, Seek::Before(_))
    }

    /// Whether that lies on the way.
    fn leads_to(&self, at: Position) -> bool {
        match self.seek {
            Seek::First => true,
            Seek::After(from) => at < from,
            Seek::Before(from) => at > from,
        }
    }

    /// The segments that lie on the way, in the order in which it comes to them.
    async fn segments(
        &self,
        db: &impl ConnectionTrait,
        search: &Search,
        places: &HashMap<Uuid, Place>,
    ) -> Result<Vec<Segment>> {
        let rooms: Vec<Uuid> = places.keys().copied().collect();
        let mut segments = lookup::segments(db, &rooms).await?;
        segments.retain(|segment| {
            let is_hidden =
                places.get(&segment.room_id).is_none_or(|place| segment.is_hidden(place.hidden_seq));
            let is_ahead = match self.seek {
                Seek::First => true,
                Seek::After(from) => segment.oldest <= from.time,
                Seek::Before(from) => segment.newest >= from.time,
            };
            let filter = &search.filter;
            let is_meant = filter.before.is_none_or(|before| segment.oldest < before)
                && filter.after.is_none_or(|after| segment.newest > after);
            !is_hidden && is_ahead && is_meant
        });
        if self.is_backward() {
            segments.sort_by_key(|segment| segment.oldest);
        } else {
            segments.sort_by_key(|segment| std::cmp::Reverse(segment.newest));
        }
        Ok(segments)
    }

    /// Those before which nothing of the segments to come can lie, in order.
    fn take_ready(&self, waiting: &mut Vec<Position>, next: Option<&Segment>) -> Vec<Position> {
        let is_ready = |at: &Position| match next {
            None => true,
            Some(next) if self.is_backward() => at.time < next.oldest,
            Some(next) => at.time > next.newest,
        };
        let (mut ready, rest): (Vec<Position>, Vec<Position>) = waiting.drain(..).partition(is_ready);
        *waiting = rest;
        ready.sort_unstable();
        if !self.is_backward() {
            ready.reverse();
        }
        ready
    }

    /// Cuts what was read to a page, and says where its neighbours begin.
    fn finish(&self, page: Page, limit: usize) -> Found {
        let mut hits = page.hits;
        let mut bytes = 0;
        let fitting = hits.iter().take(limit).take_while(|hit| {
            bytes += hit.bytes();
            bytes <= PAGE_BYTES
        });
        let fitting = fitting.count().max(1).min(hits.len());
        let is_cut = fitting < hits.len();
        hits.truncate(fitting);
        let last = || hits.last().map(|hit| Position::of(&hit.row));
        let onward = if is_cut { last() } else { page.given_up_at };
        let first = hits.first().map(|hit| Position::of(&hit.row));
        let ends = match self.seek {
            Seek::First => Ends { previous: None, next: onward },
            Seek::After(_) => Ends { previous: first, next: onward },
            Seek::Before(_) => Ends { previous: onward, next: first },
        };
        if self.is_backward() {
            hits.reverse();
        }
        Found { hits, ends }
    }
}
