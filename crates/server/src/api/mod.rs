//! The REST door, a folder a resource. Handlers are thin: extract, call, respond.

pub mod auth;
pub mod blocks;
pub mod docs;
pub mod friends;
pub mod health;
pub mod media;
pub mod messages;
pub mod online_status;
pub mod page;
pub mod problems;
pub mod room_access;
pub mod rooms;
pub mod uploads;
pub mod users;
