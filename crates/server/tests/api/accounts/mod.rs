//! Accounts and sessions through the public doors, on each of the three databases. The modules mirror the paths.

mod caller;
mod cookies;
mod dead_sessions;
mod delete;
mod export;
mod guesses;
mod last_seen;
mod limits;
mod login;
mod logout;
mod password;
mod races;
mod refresh;
mod register;
mod sessions;
mod setup;
pub(crate) mod support;
mod traces;
mod two_factor;
mod users;
