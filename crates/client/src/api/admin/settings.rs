//! `/api/v1/admin/settings/`

use charla_protocol::admin::settings::{ServerSettings, UpdateServerSettings};
use reqwest::Method;

use crate::{Client, Result};

const PATH: &str = "/api/v1/admin/settings/";

impl Client {
    /// What may change while the server runs: for staff.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn settings(&self) -> Result<ServerSettings> {
        self.get(PATH).await
    }

    /// Changes it: for superusers.
    ///
    /// # Errors
    /// `forbidden`, `validation_failed`.
    pub async fn update_settings(&self, changes: &UpdateServerSettings) -> Result<ServerSettings> {
        self.submit(Method::PATCH, PATH, changes).await
    }
}
