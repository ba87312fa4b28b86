//! The WebSocket doors: `/ws/` for all rooms of an account, `/ws/chat/{room_id}/` for one.

mod commands;
mod connection;
mod frame;
mod handshake;
pub mod hub;
pub mod outbox;
mod peer;
mod rate;
mod repair;
mod resync;
mod socket;
mod verify;
mod watch;
pub mod wheel;

pub use handshake::router;

use crate::App;

/// Starts what keeps the sockets of a node right. It ends with the runtime.
pub(crate) fn start(app: &App) {
    app.hub.rejoin();
    wheel::start(app);
    tokio::spawn(app.clone().announce_arrivals());
    repair::start(app);
    watch::start(app);
}
