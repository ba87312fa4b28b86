//! Time and ids come in from outside, so that tests hold them.

pub use charla_db::clock::{Clock, Moment, SystemClock};
