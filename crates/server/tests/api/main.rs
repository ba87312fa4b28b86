//! The service through its public doors, on each of the three databases. The modules mirror the paths.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod accounts;
mod audit;
mod bad_input;
mod clearing;
mod cluster;
mod cost;
mod crowd;
mod delivery;
mod demo;
mod direct_chat;
mod directory;
mod docs;
mod drafts;
mod friends;
mod invites;
mod lists;
mod mail;
mod media;
mod members;
mod mentions;
mod messages;
mod openapi;
mod permission_table;
mod pins;
mod presence;
mod reactions;
mod read_state;
mod readiness;
mod reports;
mod restart;
mod revisions;
mod rights;
mod rooms;
mod sanctions;
mod search;
mod slow;
mod sockets;
mod support;
mod system_words;
mod timeline;
mod trouble;
mod upgrade;
mod uploads;
mod words;
