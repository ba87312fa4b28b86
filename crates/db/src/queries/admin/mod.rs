//! What staff see of the server.

pub mod jobs;
pub mod rooms;
pub mod users;

use sea_orm::{Value, sea_query::Order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a row stands in a list that can be ordered in several ways: the value it is ordered by, and the row's id.
pub type Position = (Place, Uuid);

/// The value of what a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A time in milliseconds, or a count.
    Number(i64),
    Text(String),
}

impl From<Place> for Value {
    fn from(place: Place) -> Self {
        match place {
            Place::Number(number) => number.into(),
            Place::Text(text) => text.into(),
        }
    }
}

/// From the smallest, or from the largest.
const fn order(is_descending: bool) -> Order {
    if is_descending { Order::Desc } else { Order::Asc }
}
