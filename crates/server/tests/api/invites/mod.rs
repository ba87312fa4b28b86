//! Links into rooms and onto the server.

mod register;
mod rooms;
mod server;
