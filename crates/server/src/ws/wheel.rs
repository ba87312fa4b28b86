//! The shared wheel: heartbeats, fading typing signs, departures and ended sessions of all sockets, with one timer for
//! each.

use std::time::Duration;

use charla_broker::{Delivery, Listener, Topic};
use charla_db::queries;
use charla_protocol::SessionId;

use super::outbox::Close;
use crate::App;

/// After this long without a sign the server pings, in seconds.
pub const HEARTBEAT_S: u64 = 12;
/// After this long without a sign, although pinged, the socket is given up, in milliseconds. With the ten seconds until
/// somebody counts as gone, who vanishes without a goodbye is offline within 40.
const VANISHED_AFTER: i64 = 26_000;
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_millis(500);
/// How often the sockets' sessions are looked at, for those that something else than this node has ended.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Sessions that one query looks at.
const SESSIONS: usize = 500;

/// Starts the wheel; it turns until the node goes down. Each part turns by itself, so that a database that keeps one
/// waiting keeps no heartbeat from the sockets.
pub fn start(app: &App) {
    let (heart, signs, sessions) = (app.clone(), app.clone(), app.clone());
    tokio::spawn(every(HEARTBEAT_EVERY, async move || beat(&heart)));
    tokio::spawn(every(SWEEP_EVERY, async move || {
        signs.fade_typing();
        signs.announce_gone().await;
    }));
    tokio::spawn(every(LOOK_EVERY, async move || {
        if let Err(error) = close_barred(&sessions).await {
            tracing::error!(%error, "the sockets' sessions could not be looked at");
        }
    }));
}

async fn every(period: Duration, turn: impl AsyncFn()) {
    let mut interval = tokio::time::interval(period);
    loop {
        interval.tick().await;
        turn().await;
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

/// The command line ends sessions in the database alone, and what another node tells may be lost.
async fn close_barred(app: &App) -> charla_db::Result<()> {
    let mut sessions: Vec<SessionId> = Vec::new();
    app.hub.for_each(|connection| sessions.push(connection.session));
    sessions.sort_unstable();
    sessions.dedup();
    for sessions in sessions.chunks(SESSIONS) {
        let (only_verified, now) = (app.post.rules.only_verified(), app.clock.now());
        let barred = queries::sessions::barred(app.db.read(), sessions, only_verified, now).await?;
        if !barred.is_empty() {
            app.hub.deliver(Topic::Nodes, &Delivery::SessionsEnded(barred));
        }
    }
    Ok(())
}
