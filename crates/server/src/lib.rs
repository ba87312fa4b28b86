//! The service: REST and WebSocket doors, every write, the delivery to sockets, and the embedded web client.

pub mod app;
pub mod auth;
pub mod clock;
pub mod config;
pub mod error;
pub mod extract;
pub mod i18n;

pub use app::App;
pub use config::Config;
pub use error::{Error, Result};
