//! The shared wheel: heartbeats, fading typing signs and departures of all sockets, with one timer for each.

use std::time::Duration;

use super::outbox::Close;
use crate::App;

/// After this long without a sign the server pings, in seconds.
pub const HEARTBEAT_S: u64 = 25;
/// After this long without a sign, although pinged, the socket is given up, in milliseconds.
const VANISHED_AFTER: i64 = 55_000;
const HEARTBEAT_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// Turns until the node goes down.
pub async fn turn(app: App) {
    let mut heartbeat = tokio::time::interval(HEARTBEAT_EVERY);
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = heartbeat.tick() => beat(&app),
            _ = sweep.tick() => {
                app.fade_typing();
                app.announce_gone().await;
            }
        }
    }
}

fn beat(app: &App) {
    let now = app.clock.now();
    app.hub.for_each(|connection| match connection.silent_for(now) {
        silent if silent >= VANISHED_AFTER => connection.outbox.close(Close::Vanished),
        silent if silent >= (HEARTBEAT_S * 1000).cast_signed() => connection.outbox.ping(),
        _ => {}
    });
}
