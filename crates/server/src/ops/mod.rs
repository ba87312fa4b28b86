//! Every write, whichever door it came in by. A write returns, or tells, whom to tell; telling comes after the commit.

pub mod accounts;
pub mod admin;
pub mod blocks;
pub mod bots;
pub mod direct_rooms;
pub mod drafts;
pub mod friends;
pub mod invites;
pub mod members;
pub mod messages;
pub mod pins;
pub mod reports;
pub mod retry;
pub mod rooms;
pub mod sanctions;
pub mod sessions;
pub mod setup;
pub mod staff;
pub mod system_message;
pub mod two_factor;
pub mod uploads;
pub mod users;
