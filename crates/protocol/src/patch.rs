//! `PATCH` bodies tell a member that is left out (keep it) from one that is `null` (clear it).

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "patch::nullable")]`: absent is `None`, `null` is `Some(None)`.
///
/// # Errors
/// Those of `T`'s own deserialisation.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
