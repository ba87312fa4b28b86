//! What staff see and change of the server.

mod jobs;
mod rooms;
mod settings;
pub(crate) mod users;
