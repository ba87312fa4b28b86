//! What is kept, through the real program: backups and their restoring, transfers, exports.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod archives;
mod backup;
mod damaged;
mod earlier;
mod export;
#[path = "../support/home.rs"]
mod home;
mod interrupted;
mod million;
mod place;
mod refused;
mod rows;
mod transfer;
