//! The service through its public doors, on each of the three databases. The modules mirror the paths.

mod accounts;
mod bad_input;
mod delivery;
mod direct_chat;
mod members;
mod messages;
mod openapi;
mod read_state;
mod restart;
mod revisions;
mod rooms;
mod sockets;
mod support;
mod timeline;
mod upgrade;
