//! The envelope of every list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of results with the addresses of its neighbours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    pub results: Vec<T>,
    /// Address of the next page, or null on the last one.
    #[schema(required)]
    pub next: Option<String>,
    /// Address of the page before. Null on the first one.
    #[schema(required)]
    pub previous: Option<String>,
}

impl<T> List<T> {
    /// A list that fits on one page.
    pub fn whole(results: Vec<T>) -> Self {
        Self { results, next: None, previous: None }
    }
}
