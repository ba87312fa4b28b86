//! Files that nobody needs any more go: those of deleted messages, uploads that no message has named, avatars that were replaced.
//!
//! The bytes go first, then the row that leads to them: who dies in between does it again.

use std::time::Duration;

use charla_db::queries;
use charla_protocol::Timestamp;

use crate::{
    App,
    ops::{retry, uploads::WAITS},
};

/// How long after the end of a pass the next one begins.
const PAUSE: Duration = Duration::from_secs(300);
/// Files that are deleted one after the other before they are forgotten together.
const BATCH: u64 = 100;

pub(super) fn start(app: &App) {
    let app = app.clone();
    app.clone().run_job(async move {
        while app.goes_on_after(tokio::time::sleep(PAUSE)).await {
            match pass(&app).await {
                Ok(0) => {}
                Ok(files) => tracing::info!(files, "files that nobody needs were deleted"),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "the clean-up will be tried again");
                }
            }
        }
    });
}

/// Deletes what nobody needs by now, and gives how many files that were.
///
/// # Errors
/// Those of the database and of the storage; what was deleted before them stays so.
pub async fn pass(app: &App) -> anyhow::Result<usize> {
    let waits = i64::try_from(WAITS.as_millis()).unwrap_or(i64::MAX);
    let limit = Timestamp::from_millis(app.clock.now().millis() - waits);
    let discard = || async {
        let tx = app.db.begin().await?;
        queries::files::discard_unclaimed(&tx, limit).await?;
        Ok(tx.commit().await?)
    };
    // From here on no message can name them.
    retry::on_busy(discard).await?;
    let mut deleted = 0;
    loop {
        let files = queries::files::discarded(app.db.read(), BATCH).await?;
        if files.is_empty() || app.is_stopping() {
            return Ok(deleted);
        }
        for file in &files {
            app.storage.delete(*file).await?;
        }
        let tx = app.db.begin().await?;
        queries::files::forget(&tx, &files).await?;
        tx.commit().await?;
        deleted += files.len();
    }
}
