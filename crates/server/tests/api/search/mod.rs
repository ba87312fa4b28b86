//! Searching messages.

mod cases;
mod changes;
mod filters;
mod paging;
mod permissions;
mod reindex;
mod support;
