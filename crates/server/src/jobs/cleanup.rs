//! Files that nobody needs any more go: those of deleted messages, uploads that no message has named, avatars that were replaced.
//!
//! The bytes go first, then the row that leads to them: who dies in between does it again.

use std::time::Duration;

use charla_db::queries;
use charla_protocol::Timestamp;
use uuid::Uuid;

use crate::{
    App,
    metrics::Job,
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
            let done = pass(&app).await;
            app.note_run(Job::Cleanup, done.is_ok());
            match done {
                Ok(0) => {}
                Ok(files) => tracing::info!(files, "files that nobody needs were deleted"),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "the clean-up will be tried again");
                }
            }
        }
    });
}

/// Deletes what nobody needs by now, and gives how many files that were. What the storage does not delete is logged, and left
/// to the next pass.
///
/// # Errors
/// Those of the database; what was deleted before them stays so.
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
    let (mut deleted, mut last) = (0, None);
    loop {
        let files = queries::files::discarded(app.db.read(), last, BATCH).await?;
        last = files.last().copied();
        if last.is_none() || app.is_stopping() {
            return Ok(deleted);
        }
        let gone = delete_bytes(app, files).await;
        if !gone.is_empty() {
            retry::on_busy(|| forget(app, &gone)).await?;
        }
        deleted += gone.len();
    }
}

/// Those of the files whose bytes are gone.
async fn delete_bytes(app: &App, files: Vec<Uuid>) -> Vec<Uuid> {
    let mut gone = Vec::with_capacity(files.len());
    for file in files {
        if app.is_stopping() {
            break;
        }
        match app.storage.delete(file).await {
            Ok(()) => gone.push(file),
            Err(error) => {
                tracing::warn!(%file, error = format!("{error:#}"), "a file could not be deleted");
            }
        }
    }
    gone
}

async fn forget(app: &App, files: &[Uuid]) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    queries::files::forget(&tx, files).await?;
    Ok(tx.commit().await?)
}
