//! `/api/v1/admin/jobs/`

use charla_protocol::admin::jobs::Jobs;

use crate::{Client, Result};

impl Client {
    /// What waits in the background: for staff.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn jobs(&self) -> Result<Jobs> {
        self.get("/api/v1/admin/jobs/").await
    }
}
