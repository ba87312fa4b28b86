//! Looks at the revisions of the rooms that are followed here: finds what nobody has told.
//!
//! While the other nodes can't be heard, or one of them can't, that is how their messages come; once they can be heard again all rooms
//! are looked at;
//! and all the time slowly in rotation, because a node may die between a commit and its telling. A revision that has gone back shows
//! that the database has: a failover to a replica that was behind, or a backup.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use charla_broker::Link;
use charla_db::{Result, in_time, queries};
use charla_protocol::RoomId;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{looks::Looks, resync, verify};
use crate::App;

/// How often there is a look, while not all nodes can be heard at every room.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks in which each room has its turn while all is well.
const ROTATION: u128 = 12;
/// Looks at a room that is in doubt: a commit may come through long after the connection to the database has broken.
const LOOKS: u8 = 5;
/// Rooms that one query looks at.
const ROOMS: usize = 1_000;

/// What there is to look at besides the rotation.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// All rooms, and all accounts: the link has come back.
    all_rooms: AtomicBool,
    pub(super) all_accounts: AtomicBool,
    /// How often each room is still to be looked at.
    doubts: Mutex<HashMap<RoomId, u8>>,
    wake: Notify,
    pub(super) wake_accounts: Notify,
    pub(super) returned: Notify,
}

impl Watch {
    /// The link has broken, or come back.
    pub(super) fn link(&self, link: Link) {
        if link == Link::Live {
            self.all_rooms.store(true, Ordering::Release);
            self.returned.notify_one();
        }
        self.look_at_all();
    }

    /// Something may come that is told by nobody, or has.
    pub(super) fn look_at_all(&self) {
        self.wake.notify_one();
        self.doubt_accounts();
    }

    /// The room may have changed without anybody being told.
    pub(super) fn doubt(&self, room: RoomId) {
        self.doubts.lock().insert(room, LOOKS);
        self.wake.notify_one();
    }

    /// The same for what sockets know of their accounts.
    pub(super) fn doubt_accounts(&self) {
        self.all_accounts.store(true, Ordering::Release);
        self.wake_accounts.notify_one();
    }

    fn is_doubted(&self, room: RoomId) -> bool {
        self.doubts.lock().contains_key(&room)
    }

    /// These rooms have been looked at, or nobody follows them any more.
    fn settle(&self) {
        self.doubts.lock().retain(|_, looks| {
            *looks -= 1;
            *looks > 0
        });
    }
}

/// Starts looking; it goes on for as long as the node.
pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
    verify::start(app);
    resync::start(app);
}

async fn run(app: App) {
    let mut looks = Looks::new("the rooms' revisions", LOOK_EVERY);
    let mut slot = 0;
    loop {
        let is_time = looks.next(&app.hub.watch.wake).await;
        slot = (slot + u128::from(is_time)) % ROTATION;
        looks.note(look(&app, is_time.then_some(slot)).await);
    }
}

/// Looks at the rooms in doubt, those whose turn it is, or all.
async fn look(app: &App, in_turn: Option<u128>) -> Result<()> {
    let watch = &app.hub.watch;
    // What is subscribed by now is heard from here on, so that nothing falls between hearing and looking.
    app.hub.settled().await;
    let back = watch.all_rooms.swap(false, Ordering::AcqRel);
    let all = back || !app.hub.hears_all();
    let rooms = app.hub.followed(|room| {
        all || in_turn.is_some_and(|turn| room.0.as_u128() % ROTATION == turn) || watch.is_doubted(room)
    });
    for rooms in rooms.chunks(ROOMS) {
        if let Err(error) = look_at(app, rooms).await {
            watch.all_rooms.fetch_or(back, Ordering::AcqRel);
            return Err(error);
        }
    }
    if in_turn.is_some() {
        watch.settle();
    }
    Ok(())
}

async fn look_at(app: &App, rooms: &[RoomId]) -> Result<()> {
    // Read before the database is: what was told by then it has had.
    let told: HashMap<RoomId, i64> =
        rooms.iter().filter_map(|room| Some((*room, app.hub.told(*room)?))).collect();
    for (room, revision) in in_time(queries::rooms::revisions_of(app.db.read(), rooms)).await? {
        match told.get(&room) {
            Some(told) if *told > revision => {
                tracing::error!(%room, told, revision, "the database has lost changes that were committed");
                app.hub.go_back(room, revision);
            }
            _ => app.hub.know(room, revision),
        }
    }
    Ok(())
}
