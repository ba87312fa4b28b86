//! What is read and written of each resource, outside the lanes' batches.

pub mod access;
pub mod assemble;
pub mod members;
pub mod messages;
pub mod presence;
pub mod reads;
pub mod rooms;
pub mod server_state;
pub mod sessions;
pub mod timeline;
pub mod unread;
pub mod users;
