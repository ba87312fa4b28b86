//! `/api/v1/admin/audit/`

use charla_protocol::{
    UserId,
    audit::{AuditAction, AuditLog},
};
use reqwest::Method;
use uuid::Uuid;

use crate::{Client, Result, http::Call};

/// Which entries of the audit log are asked for. What is not given does not count.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub target: Option<Uuid>,
    /// With whether the whole log is as it was written.
    pub verify: bool,
}

impl Client {
    /// The audit log, the latest entry first: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn audit_log(&self, filter: &AuditFilter) -> Result<AuditLog> {
        let call = Call::new(Method::GET, "/api/v1/admin/audit/")
            .query("actor", filter.actor)
            .query("action", filter.action.map(AuditAction::as_str))
            .query("target", filter.target)
            .query("verify", filter.verify.then_some(true));
        self.call(call).await?.json()
    }
}
