//! What other chats have left, brought in: databases of Django applications, exports of Slack and of Mattermost.
//!
//! Each reader (`django`, `slack`, `mattermost`) makes one model of what it reads (`model`), and one writer (`write`) keeps the server's
//! invariants. Ids follow from where something came from (`ids`), so importing again brings only what is new, and an import that was
//! ended goes on.

pub mod django;
mod emoji;
mod ids;
pub mod mattermost;
pub mod model;
mod names;
mod report;
pub mod slack;
mod source;
mod write;

pub use ids::Ids;
pub use model::Archive;
pub use report::{Report, Tally};
pub use write::{Options, open, run};
