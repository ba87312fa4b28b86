//! Several nodes on one database: nobody misses anything, whatever becomes of what they tell each other.

mod gaps;
mod limits;
mod link;
mod presence;
mod support;
