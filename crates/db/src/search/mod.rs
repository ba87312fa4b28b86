//! Search in messages: one behaviour on three databases.
//!
//! Texts and queries are taken apart by the same rules (`atoms`, `fold`). The index says which messages of a room have a word
//! (`hits`); it is written behind the commits (`index`, `reindex`), and asked from the newest segment on (`lookup`, `find`).
//! It only proposes: what it gives, and what it does not know yet (`scope`), is read and decided on by `match`.

mod atoms;
mod document;
mod examine;
mod filter;
mod find;
mod fold;
mod highlight;
mod hits;
mod index;
mod lookup;
mod r#match;
mod query;
mod reindex;
mod scope;
mod words;

pub use examine::Hit;
pub use filter::Filter;
pub use find::{Found, Position, find};
pub use index::{behind, catch_up};
pub use query::Query;
pub use reindex::{Progress, reindex};
pub use words::Has;

/// What is sought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub query: Query,
    pub filter: Filter,
}

impl Search {
    /// Whether there is nothing to look for.
    fn is_vain(&self) -> bool {
        self.query.is_vain || (self.query.is_empty() && self.filter.is_empty())
    }
}
