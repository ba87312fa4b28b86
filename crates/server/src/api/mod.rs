//! The REST door, a folder a resource. Handlers are thin: extract, call, respond.

pub mod admin;
pub mod auth;
pub mod blocks;
pub mod bots;
pub mod csv;
pub mod docs;
pub mod drafts;
pub mod friends;
pub mod health;
pub mod invites;
pub mod media;
pub mod mentions;
pub mod messages;
pub mod online_status;
pub mod page;
pub mod problems;
pub mod replies;
pub mod reports;
pub mod room_access;
pub mod rooms;
pub mod uploads;
pub mod users;
