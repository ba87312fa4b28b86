//! Keeps the index of messages: behind the commits, from room to room.
//!
//! Nothing depends on its being quick: what is not in the index yet, a search reads from the messages. Each node indexes what
//! it has written; what one that died has left, another finds.

use std::{collections::BTreeSet, time::Duration};

use charla_db::{Error, Result, search};
use charla_protocol::RoomId;
use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};

use crate::{App, metrics::Job};

/// How long changes gather before they are indexed: many of a room cost little more than one.
const GATHER: Duration = Duration::from_secs(2);
/// How often it is looked for what other nodes have left.
const LOOK_AROUND: Duration = Duration::from_secs(60);

/// The rooms in which something has changed on this node.
#[derive(Debug, Default)]
pub struct Indexing {
    changed: Mutex<BTreeSet<RoomId>>,
    wake: Notify,
}

impl Indexing {
    /// Something has changed in the room.
    pub fn note(&self, room: RoomId) {
        self.changed.lock().insert(room);
        self.wake.notify_one();
    }
}

pub(super) fn start(app: &App) {
    app.run_job(run(app.clone()));
}

async fn run(app: App) {
    let mut looked = None;
    loop {
        if looked.is_none_or(|looked: Instant| looked.elapsed() >= LOOK_AROUND) {
            match search::behind(app.db.read()).await {
                Ok(rooms) => app.indexing.changed.lock().extend(rooms),
                Err(error) => tracing::warn!(%error, "what is to be indexed can't be read"),
            }
            looked = Some(Instant::now());
        }
        let rooms = std::mem::take(&mut *app.indexing.changed.lock());
        for room in rooms {
            index_room(&app, room).await;
        }
        let gathered = async {
            if timeout(LOOK_AROUND, app.indexing.wake.notified()).await.is_ok() {
                sleep(GATHER).await;
            }
        };
        if !app.goes_on_after(gathered).await {
            return;
        }
    }
}

/// A room that can't be indexed now is left for the next look around.
async fn index_room(app: &App, room: RoomId) {
    match all_of(app, room).await {
        Ok(()) => app.note_run(Job::Indexing, true),
        // Another node indexes the same room.
        Err(Error::Duplicate | Error::Busy(_)) => app.indexing.note(room),
        Err(error) => {
            app.note_run(Job::Indexing, false);
            tracing::warn!(%error, %room, "a room can't be indexed");
        }
    }
}

/// What a node that goes down leaves is found by the next start.
async fn all_of(app: &App, room: RoomId) -> Result<()> {
    while !app.is_stopping() && search::catch_up(&app.db, &*app.clock, room).await? {}
    Ok(())
}
