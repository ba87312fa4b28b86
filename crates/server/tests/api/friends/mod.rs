//! `friends/` and `blocks/`, and what they change elsewhere.

mod blocks;
mod direct_messages;
mod events;
mod limits;
mod presence;
mod races;
mod requests;
mod rooms;
mod support;
