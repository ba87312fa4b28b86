//! The WebSocket doors: `/ws/` for all rooms of an account, `/ws/chat/{room_id}/` for one.

mod arrivals;
mod commands;
mod connection;
mod frame;
mod greeting;
mod handshake;
pub mod hub;
mod looks;
mod meter;
pub mod outbox;
mod partition;
mod peer;
mod rate;
mod repair;
mod resync;
mod socket;
mod verify;
mod watch;
pub mod wheel;

pub use arrivals::{Arrivals, Waiting};
pub use handshake::router;
pub use meter::Meter;

use charla_broker::Link;

use crate::App;

/// Starts what keeps the sockets of a node right. It ends with the runtime.
pub(crate) fn start(app: &App, waiting: Waiting) {
    // A link that takes a moment says so itself once it stands.
    if app.hub.link() == Link::Live {
        app.hub.rejoin();
    }
    waiting.start(app);
    wheel::start(app);
    tokio::spawn(app.clone().announce_arrivals());
    repair::start(app);
    watch::start(app);
    partition::start(app);
}
