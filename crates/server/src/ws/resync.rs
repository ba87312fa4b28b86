//! After the link was away, sockets resync: what has no number of its own (what was read, drafts, profiles, friendships, pins) may
//! be lost, and only the database knows.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::App;

/// In how many steps the sockets have their turn, and how far these are apart: each asks for its rooms.
const STEPS: usize = 50;
const STEP: Duration = Duration::from_millis(100);

pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
}

async fn run(app: App) {
    loop {
        app.hub.watch.returned.notified().await;
        let mut sockets = Vec::new();
        app.hub.for_each(|connection| sockets.push(connection.clone()));
        let mut ticks = interval(STEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for sockets in sockets.chunks(sockets.len().div_ceil(STEPS).max(1)) {
            ticks.tick().await;
            sockets.iter().for_each(|connection| connection.outbox.lose());
        }
    }
}
