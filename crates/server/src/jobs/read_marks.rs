//! Looks whether what is counted of who has read what still is what the members' cursors say: a node of before knows nothing of
//! the marks, and moves cursors alone.

use charla_db::queries;
use uuid::Uuid;

use crate::{App, metrics::Job, ops::retry};

/// Rooms that one look compares.
const AT_ONCE: u64 = 1000;

pub(super) fn start(app: &App) {
    app.run_hourly(Job::ReadMarks, |app| async move { check_read_marks(&app).await });
}

/// Counts anew where the marks are wrong.
///
/// # Errors
/// Those of the database.
pub async fn check_read_marks(app: &App) -> charla_db::Result<()> {
    let mut last = Uuid::nil();
    while let Some((wrong, end)) = queries::read_marks::wrong(app.db.read(), last, AT_ONCE).await? {
        last = end;
        for room in wrong {
            if app.is_stopping() {
                return Ok(());
            }
            retry::on_busy(|| recount(app, room)).await?;
            tracing::info!(%room, "who has read what was counted anew");
        }
    }
    Ok(())
}

async fn recount(app: &App, room: Uuid) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    queries::access::lock_room(&tx, room.into()).await?;
    queries::read_marks::recount(&tx, room).await?;
    Ok(tx.commit().await?)
}
