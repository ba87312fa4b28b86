//! A look at all that a server needs, for whoever runs it: what is well, what is not, and what to do about it.
//!
//! It makes nothing that is not there yet, and leaves nothing behind: the first start may be by another user.

mod database;
mod machine;
mod mail;
mod redis;
mod report;
mod settings;
mod storage;

use crate::config::{Config, Flags};

pub use report::{Finding, Report, Verdict};

/// Looks at everything, one after the other.
pub async fn examine(flags: &Flags) -> Report {
    let mut report = Report::default();
    match Config::examine(flags) {
        Ok(config) => {
            settings::look(&config, &mut report);
            machine::look(&config, &mut report);
            database::look(&config, &mut report).await;
            redis::look(&config, &mut report).await;
            storage::look(&config, &mut report).await;
            mail::look(&config, &mut report).await;
        }
        Err(errors) => settings::refuse(&errors, &mut report),
    }
    report
}
