//! A client for both doors of a Charla server, REST and WebSocket, that follows the catch-up rule of docs/realtime.md.
//!
//! - [`Client`]: typed calls, tokens held and refreshed.
//! - [`Socket`]: one WebSocket connection, frame by frame.
//! - [`RoomTimeline`] and [`Outbox`]: the rules for never losing a message, without I/O.
//! - [`LiveClient`]: all of it together, kept going by a task of its own.

pub mod api;
mod backoff;
mod client;
mod error;
pub mod http;
pub mod live;
pub mod outbox;
pub mod socket;
pub mod timeline;
mod tls;
mod tokens;

pub use api::{
    Download, Made, Place, admin::users::AccountFilter, audit::AuditFilter, messages::MessageSearch,
};
pub use backoff::Backoff;
pub use client::{Auth, Client, ClientOptions};
pub use error::{Error, Result};
pub use http::RawResponse;
pub use live::{LiveClient, LiveOptions, LiveRoom, Receipt, Sent, Snapshot, Status};
pub use outbox::Outbox;
pub use reqwest::{self, Method};
pub use socket::{Credentials, Door, Incoming, Socket, SocketOptions};
pub use timeline::{Gap, Outcome, RoomTimeline};
