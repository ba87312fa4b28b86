//! The service: REST and WebSocket doors, every write, the delivery to sockets, and the embedded web client.

pub mod admin;
pub mod api;
pub mod app;
mod assets;
pub mod auth;
pub mod clock;
pub mod config;
pub mod database;
mod deadline;
pub mod delivery;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod export;
pub mod extract;
pub mod files;
pub mod i18n;
pub mod jobs;
pub mod listen;
pub mod mail;
pub mod metrics;
pub mod middleware;
pub mod ops;
pub mod presence;
pub mod router;
pub mod serve;
pub mod shape;
pub mod storage;
pub mod text;
pub mod typing;
pub mod wording;
pub mod ws;

pub use app::App;
pub use config::Config;
pub use error::{Error, Result};
pub use serve::run;
