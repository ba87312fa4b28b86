//! Accounts and sessions through the public doors, on each of the three databases. The modules mirror the paths.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod caller;
mod cookies;
mod limits;
mod login;
mod logout;
mod password;
mod refresh;
mod register;
mod sessions;
mod setup;
mod support;
mod users;
