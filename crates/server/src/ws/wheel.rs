//! The shared wheel: heartbeats, fading typing signs and departures of all sockets, with one timer for each.

use std::time::Duration;

use charla_broker::{Delivery, Topic};

use super::outbox::Close;
use crate::App;

/// After this long without a sign the server pings, in seconds.
pub const HEARTBEAT_S: u64 = 12;
/// After this long without a sign, although pinged, the socket is given up, in milliseconds. With the ten seconds until
/// somebody counts as gone, who vanishes without a goodbye is offline within 40.
const VANISHED_AFTER: i64 = 26_000;
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// Starts the wheel; it turns until the node goes down. Only the last part asks the database, which may keep it
/// waiting: neither the sockets nor the other nodes miss a heartbeat by that.
pub fn start(app: &App) {
    let (heart, signs, keeper) = (app.clone(), app.clone(), app.clone());
    tokio::spawn(every(HEARTBEAT_EVERY, async move || beat(&heart)));
    tokio::spawn(every(SWEEP_EVERY, async move || {
        signs.fade_typing();
        share_counts(&signs);
        signs.turn_presence();
    }));
    tokio::spawn(every(SWEEP_EVERY, async move || keeper.tend_presence().await));
}

async fn every(period: Duration, turn: impl AsyncFn()) {
    let mut interval = tokio::time::interval(period);
    loop {
        interval.tick().await;
        turn().await;
    }
}

/// Tells the other nodes what has been counted against limits since the last time.
fn share_counts(app: &App) {
    let counts = app.limits.take_counts();
    if !counts.is_empty() {
        app.hub.publish(Topic::Nodes, &Delivery::Counted(counts));
    }
}

fn beat(app: &App) {
    let ticks = app.clock.ticks();
    app.hub.for_each(|connection| {
        connection.outbox.look(ticks);
        match connection.silent_for(ticks) {
            silent if silent >= VANISHED_AFTER => connection.outbox.close(Close::Vanished),
            silent if silent >= (HEARTBEAT_S * 1000).cast_signed() => connection.outbox.ping(),
            _ => {}
        }
    });
}
