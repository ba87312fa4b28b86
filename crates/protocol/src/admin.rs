//! What staff see and change of the server: below `/api/v1/admin/`.

pub mod jobs;
pub mod rooms;
pub mod settings;
pub mod users;
