//! What a server holds, to be kept: backups and their restoring, a database carried into another one, and everything as readable
//! files. Done from the command line; a running server needs none of it.

mod backup;
mod export;
mod fill;
mod manifest;
mod open;
mod output;
mod progress;
mod read;
mod restore;
mod transfer;

pub use backup::{Backed, backup};
pub use export::{Exported, export, export_account};
pub use progress::{Progress, Stage};
pub use restore::{Restored, check, restore};
pub use transfer::{Transferred, transfer};
