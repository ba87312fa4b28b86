//! Takes deleted accounts out of the groups that they are still in, because the node that deleted them died over it.

use charla_db::queries;

use super::CLEAN_EVERY;
use crate::{App, ops::accounts};

/// Departures that one look finds.
const AT_ONCE: u64 = 1000;

pub(super) fn start(app: &App) {
    let app = app.clone();
    app.clone().run_job(async move {
        loop {
            if let Err(error) = finish_departures(&app).await {
                tracing::error!(%error, "groups that deleted accounts are in could not be looked for");
            }
            if !app.goes_on_after(tokio::time::sleep(CLEAN_EVERY)).await {
                return;
            }
        }
    });
}

/// Takes deleted accounts out of their groups.
///
/// # Errors
/// Those of the database. A group that can't be left now is left to the next time.
pub async fn finish_departures(app: &App) -> charla_db::Result<()> {
    for (user, room) in queries::departures::unfinished(app.db.read(), AT_ONCE).await? {
        if app.is_stopping() {
            break;
        }
        accounts::leave_group(app, &user, room).await;
    }
    Ok(())
}
