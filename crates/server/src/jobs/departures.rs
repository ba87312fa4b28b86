//! Takes deleted accounts out of the groups that they are still in, because the node that deleted them died over it.

use charla_db::queries;

use crate::{App, ops::accounts};

/// Departures that one look finds.
const AT_ONCE: u64 = 1000;

pub(super) fn start(app: &App) {
    app.run_hourly("groups of deleted accounts", |app| async move { finish_departures(&app).await });
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
