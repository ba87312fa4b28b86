//! `/api/v1/admin/jobs/`: what waits in the background.

use axum::extract::State;
use charla_db::{queries::admin::jobs, search};
use charla_protocol::admin::jobs::{Jobs, Queue, QueueName};

use crate::{App, auth::Caller, error::Result, ops::staff::check_staff};

/// What waits in the background: to staff. Exports are those of the node that answers.
#[utoipa::path(get, operation_id = "list_jobs", path = "/api/v1/admin/jobs/", tag = "admin", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Jobs)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<Jobs>> {
    check_staff(&caller.user)?;
    let db = app.db.read();
    let (mails, failing, oldest_at) = jobs::mails(db).await?;
    let rooms = search::behind(db).await?.len() as u64;
    let queues = vec![
        Queue { name: QueueName::Mails, waiting: mails, failing, oldest_at },
        queue(QueueName::Exports, app.exports.under_way()),
        queue(QueueName::Indexing, rooms),
        queue(QueueName::Uploads, jobs::discarded_files(db).await?),
    ];
    Ok(axum::Json(Jobs { queues }))
}

/// One of which nothing fails for good, and the times are not known.
fn queue(name: QueueName, waiting: u64) -> Queue {
    Queue { name, waiting, failing: 0, oldest_at: None }
}
