//! `/api/v1/chat/online-status/`

use charla_protocol::presence::{OnlineStatus, OnlineStatuses};

use crate::{Client, Result};

impl Client {
    /// Of friends, and of those the caller shares a direct room with.
    ///
    /// # Errors
    /// As every call.
    pub async fn online_statuses(&self) -> Result<OnlineStatuses> {
        self.get("/api/v1/chat/online-status/").await
    }

    /// One's own.
    ///
    /// # Errors
    /// As every call.
    pub async fn my_status(&self) -> Result<OnlineStatus> {
        self.get("/api/v1/chat/online-status/my_status/").await
    }
}
