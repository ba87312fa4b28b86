//! What staff have set of a running server, over what it was started with.

use charla_protocol::{admin::settings::PublicRoomsBy, auth::Registration};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

use super::server_state;
use crate::{Error, Result};

const NAME: &str = "settings";

/// What is set; the rest is as the server was started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_upload_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_rooms_by: Option<PublicRoomsBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
}

/// # Errors
/// Those of the database; also where a newer version has set what this one does not know.
pub async fn get(db: &impl ConnectionTrait) -> Result<Overrides> {
    parsed(server_state::get(db, NAME).await?)
}

/// The same, locked where anything was ever set.
///
/// # Errors
/// As `get`.
pub async fn lock(tx: &impl ConnectionTrait) -> Result<Overrides> {
    parsed(server_state::lock(tx, NAME).await?)
}

/// # Errors
/// Those of the database.
pub async fn set(tx: &impl ConnectionTrait, overrides: &Overrides) -> Result<()> {
    let text = serde_json::to_string(overrides).map_err(unreadable)?;
    server_state::set(tx, NAME, &text).await.map_err(|error| match error {
        Error::Duplicate => {
            Error::Busy(DbErr::Custom("another transaction has set something for the first time".to_owned()))
        }
        error => error,
    })
}

fn parsed(text: Option<String>) -> Result<Overrides> {
    text.map_or_else(|| Ok(Overrides::default()), |text| serde_json::from_str(&text).map_err(unreadable))
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Database(DbErr::Json(error.to_string()))
}
