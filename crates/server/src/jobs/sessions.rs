//! Deletes what is over: sessions, sign-ins that waited for a code, and what links in mails were good for.

use charla_db::queries;

use crate::{App, metrics::Job, ops::retry, ops::sessions::KNOWN_FOR};

/// How long a session is kept after its end, in milliseconds.
const KEPT_FOR: i64 = 30 * 24 * 60 * 60 * 1000;
/// Sessions that one transaction deletes: others wait no longer than that.
const AT_ONCE: u64 = 1000;

pub(super) fn start(app: &App) {
    app.run_hourly(Job::Sessions, |app| async move { delete_dead(&app).await });
}

/// Deletes sessions that are over for 30 days, and what has expired of links and waiting sign-ins. A session stays for as long as it says that its device is no
/// new one.
///
/// # Errors
/// Those of the database.
pub async fn delete_dead(app: &App) -> charla_db::Result<()> {
    retry::on_busy(|| delete_expired(app)).await?;
    while retry::on_busy(|| delete_sessions(app)).await? == AT_ONCE {
        if app.is_stopping() {
            break;
        }
    }
    Ok(())
}

async fn delete_expired(app: &App) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    queries::link_tokens::delete_expired(&tx, app.clock.now()).await?;
    queries::two_factor::delete_expired(&tx, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn delete_sessions(app: &App) -> charla_db::Result<u64> {
    let now = app.clock.now();
    let (over, unused) = (now.plus_millis(-KEPT_FOR), now.plus_millis(-KNOWN_FOR));
    let tx = app.db.begin().await?;
    let deleted = queries::sessions::delete_dead(&tx, over, unused, AT_ONCE).await?;
    tx.commit().await?;
    Ok(deleted)
}
