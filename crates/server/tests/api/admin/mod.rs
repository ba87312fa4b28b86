//! `/api/v1/admin/`: what staff see and change of the server.

mod jobs;
mod rooms;
mod settings;
mod users;

use charla_client::{AuditFilter, Client};
use charla_protocol::{ErrorCode, audit::AuditEntry};
use uuid::Uuid;

const FORBIDDEN: (u16, ErrorCode) = (403, ErrorCode::Forbidden);
const NOT_FOUND: (u16, ErrorCode) = (404, ErrorCode::NotFound);

/// What the log says was done to that, the first entry first.
async fn log_of(staff: &Client, target: Uuid) -> Vec<AuditEntry> {
    let filter = AuditFilter { target: Some(target), ..AuditFilter::default() };
    let mut entries = staff.audit_log(&filter).await.unwrap().results;
    entries.reverse();
    entries
}
