//! Fetches what is missing of the timelines followed here: once for all of a room's followers.

use std::{
    collections::{BTreeSet, HashSet},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use charla_broker::{Delivery, Link, Listener, Topic};
use charla_db::{Result, Transaction, in_time, queries, tables::users::Viewer};
use charla_protocol::{RoomId, UserId, messages::Message};
use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::hub::{Change, as_change};
use crate::{
    App,
    delivery::{Reach, as_it_stands, removed_by, room_removed, tell_room_added},
};

/// How long a number may be missing before it is fetched: mostly it is on its way already.
const GRACE: Duration = Duration::from_millis(50);
/// How long it takes until a repair is tried again that came to nothing.
const PAUSE: Duration = Duration::from_secs(1);
/// Rooms that are repaired side by side.
const AT_ONCE: usize = 8;
/// Changes that a repair tells at most. Where more is missing the clients ask themselves, each for what it wants.
const MOST: u64 = 500;

/// The rooms that wait for their repair, or have it.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    line: Mutex<Line>,
    wake: Notify,
    has_failed: AtomicBool,
}

#[derive(Debug, Default)]
struct Line {
    wanted: HashSet<RoomId>,
    due: BTreeSet<(Instant, RoomId)>,
}

impl Repairs {
    /// Something of the room is missing. While the link is away nothing is on its way.
    pub(super) fn want(&self, room: RoomId, link: Link) {
        self.want_after(room, if link == Link::Live { GRACE } else { Duration::ZERO });
    }

    fn want_after(&self, room: RoomId, pause: Duration) {
        let mut line = self.line.lock();
        if line.wanted.insert(room) {
            line.due.insert((Instant::now() + pause, room));
            self.wake.notify_one();
        }
    }

    fn next_due(&self) -> Option<Instant> {
        self.line.lock().due.first().map(|(at, _)| *at)
    }

    fn take_due(&self) -> Option<RoomId> {
        let mut line = self.line.lock();
        let (at, room) = line.due.pop_first()?;
        if at > Instant::now() {
            line.due.insert((at, room));
            return None;
        }
        Some(room)
    }

    fn finish(&self, room: RoomId) {
        self.line.lock().wanted.remove(&room);
    }
}

/// Starts the repairs; they go on for as long as the node.
pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
}

async fn run(app: App) {
    let repairs = &app.hub.repairs;
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < AT_ONCE
            && let Some(room) = repairs.take_due()
        {
            under_way.spawn(repair(app.clone(), room));
        }
        let due = repairs.next_due().filter(|_| under_way.len() < AT_ONCE);
        tokio::select! {
            () = repairs.wake.notified() => {}
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            Some(_) = under_way.join_next() => {}
        }
    }
}

/// A room whose repair has its turn; whatever becomes of it, the room can be repaired again.
struct Turn<'a>(&'a Repairs, RoomId);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.finish(self.1);
    }
}

async fn repair(app: App, room: RoomId) {
    let repairs = &app.hub.repairs;
    let turn = Turn(repairs, room);
    let told = app.hub.behind(room);
    if let Some(told) = told {
        let outcome = in_time(fetch(&app, room, told)).await;
        let meter = &app.hub.meter.repairs;
        match outcome {
            Ok(Repair::Filled) => meter.filled.increment(),
            Ok(Repair::Skipped) => meter.skipped.increment(),
            Err(_) => meter.failed.increment(),
        }
        let had_failed = repairs.has_failed.swap(outcome.is_err(), Ordering::Relaxed);
        if let Err(error) = outcome
            && !had_failed
        {
            tracing::warn!(%error, %room, "what is missing of a room can't be fetched; it is tried until it can");
        }
    }
    drop(turn);
    // Looked at after the turn has ended, so that nothing that came meanwhile is forgotten.
    match app.hub.behind(room) {
        None => {}
        now if now == told => repairs.want_after(room, PAUSE),
        Some(_) => repairs.want(room, app.hub.link()),
    }
}

/// How what was missing has been told.
enum Repair {
    /// All of it, or there was nothing.
    Filled,
    /// It was too much: the followers are to ask.
    Skipped,
}

/// Fetches what followers have not been told past `told`, and tells it.
async fn fetch(app: &App, room: RoomId, told: i64) -> Result<Repair> {
    // Each message as it was at its number: reactions of a later one would be shown ahead of it.
    let db = &app.db.snapshot().await?;
    let Some((_, revision)) = queries::rooms::revisions_of(db, &[room]).await?.pop() else {
        return Ok(Repair::Filled);
    };
    if revision - told > MOST.cast_signed() {
        return skip(app, db, room, revision).await;
    }
    let (rows, more) = queries::messages::changes(db, room, 0, told, MOST).await?;
    if more {
        return skip(app, db, room, revision).await;
    }
    let messages = queries::assemble::listed(db, rows, Viewer::EVERYBODY).await?;
    settle_memberships(app, db, room, revision, &messages).await?;
    let changes = messages.into_iter().filter_map(|message| change(&as_it_stands(Box::new(message), told)));
    app.hub.fill(room, changes.collect(), revision);
    Ok(Repair::Filled)
}

/// Has the followers ask. What would have said that one of them is out of the room, or back in it, is passed over as well: at that
/// revision the snapshot says it.
async fn skip(app: &App, snapshot: &Transaction, room: RoomId, revision: i64) -> Result<Repair> {
    let followers = app.hub.followers(room);
    let people: Vec<UserId> = followers.keys().copied().collect();
    let members = queries::members::hidden_seqs(snapshot, room, &people).await?;
    let mut back = Vec::new();
    for (user, hidden_seq) in followers {
        match members.get(&user) {
            None => app.hub.deliver(Topic::User(user), &room_removed(room, Some(revision))),
            Some(now) if *now != hidden_seq => back.push(user),
            Some(_) => {}
        }
    }
    if !back.is_empty() {
        tell_room_added(app, &back, room, Reach::Here).await?;
    }
    app.hub.skip(room, revision);
    Ok(Repair::Skipped)
}

/// Nobody may have told it here yet that somebody was taken out of the room, and what came after is not for them; nor all of it for
/// who is back by now. At that revision the snapshot says who is in the room.
async fn settle_memberships(
    app: &App,
    snapshot: &Transaction,
    room: RoomId,
    revision: i64,
    messages: &[Message],
) -> Result<()> {
    let removed: BTreeSet<UserId> = messages.iter().filter_map(removed_by).collect();
    let removed: Vec<UserId> = removed.into_iter().collect();
    if removed.is_empty() {
        return Ok(());
    }
    let back = queries::members::present(snapshot, room, &removed).await?;
    for user in removed.into_iter().filter(|user| !back.contains(user)) {
        app.hub.deliver(Topic::User(user), &room_removed(room, Some(revision)));
    }
    if !back.is_empty() {
        tell_room_added(app, &back, room, Reach::Here).await?;
    }
    Ok(())
}

fn change(delivery: &Delivery) -> Option<(i64, Change)> {
    let Delivery::Change { revision, seq, text, keeping, .. } = delivery else { return None };
    Some((*revision, as_change(*seq, text, keeping.as_ref())?))
}
