//! What a node counts while it works, and how Prometheus reads it. No I/O.
//!
//! Counting is meant for hot paths: no lock, no allocation, and no line of memory that threads take from each other. What has a
//! state already, such as the length of a queue, is not counted but read when somebody asks.

mod counter;
mod histogram;
mod text;

pub use counter::Counter;
pub use histogram::{Histogram, LATENCIES, SIZES};
pub use text::{CONTENT_TYPE, Kind, Labels, Text};
