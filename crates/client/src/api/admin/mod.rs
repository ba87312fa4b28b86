//! What staff see and change of the server.

mod jobs;
mod rooms;
pub(crate) mod users;
