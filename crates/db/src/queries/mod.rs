//! What is read and written of each resource, outside the lanes' batches.

pub mod access;
pub mod admin;
pub mod assemble;
pub mod audit;
pub mod blocks;
pub mod bots;
pub mod clearings;
pub mod demo;
pub mod departures;
pub mod drafts;
pub mod export;
pub mod files;
pub mod friend_requests;
pub mod friendships;
pub mod imports;
pub mod invites;
pub mod link_tokens;
pub mod listed;
pub mod mails;
pub mod members;
pub mod mentions;
pub mod messages;
pub mod paging;
pub mod partition;
pub mod pins;
pub mod presence;
pub mod reactions;
pub mod read_marks;
pub mod reads;
pub mod relations;
mod replies;
pub mod reports;
pub mod rooms;
pub mod sanctions;
pub mod server_state;
pub mod sessions;
pub mod settings;
pub mod summaries;
pub mod timeline;
pub mod two_factor;
pub mod unread;
pub mod users;

use sea_orm::sea_query::LikeExpr;

/// Values of a list in a statement: SQLite takes 32,766 (<https://sqlite.org/limits.html>).
pub(crate) const LIST: usize = 10_000;
/// Rows that a statement writes or names at most, where each takes several parameters.
pub(crate) const ROWS: usize = 500;

/// What has the text in it, compared with a column that is folded as the text is.
fn contains(key: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escape_like(key))).escape('!')
}

/// Text as it stands for itself in a LIKE pattern whose escape is `!`.
fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Drops the rows past the limit of a page that was asked for with one more, and says whether there were any.
fn cut<T>(rows: &mut Vec<T>, limit: u64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}
