//! The WebSocket doors: `/ws/` for all rooms of an account, `/ws/chat/{room_id}/` for one.

mod commands;
mod connection;
mod frame;
mod handshake;
pub mod hub;
pub mod outbox;
mod peer;
mod rate;
pub mod wheel;

pub use handshake::router;
