//! What every channel layer keeps, on each of them: nodes of one process, and Redis alone, with a password, with TLS, as a cluster
//! and behind Sentinels.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod breaks;
mod cases;
mod crowd;
mod memory;
mod node;
mod redis;
