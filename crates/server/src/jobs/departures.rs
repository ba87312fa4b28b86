//! Takes deleted accounts out of the groups that they are still in, because the node that deleted them died over it, and their
//! names out of the direct rooms that still have them.

use charla_db::{queries, tables::users};
use uuid::Uuid;

use crate::{
    App,
    metrics::Job,
    ops::{accounts, retry},
};

/// Departures that one look finds.
const AT_ONCE: u64 = 1000;

pub(super) fn start(app: &App) {
    let once = app.clone();
    app.run_job(async move {
        if let Err(error) = rename_rooms(&once).await {
            tracing::error!(%error, "direct rooms with deleted accounts could not be renamed");
        }
    });
    app.run_hourly(Job::Departures, |app| async move { finish_departures(&app).await });
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

/// Takes the names of deleted accounts out of their direct rooms: those that were deleted before that was done at once.
///
/// # Errors
/// Those of the database.
pub async fn rename_rooms(app: &App) -> charla_db::Result<()> {
    let mut last = Uuid::nil();
    loop {
        let rooms = queries::departures::misnamed(app.db.read(), last, AT_ONCE).await?;
        let Some((_, end)) = rooms.last() else { return Ok(()) };
        last = *end;
        for (user, room) in &rooms {
            if app.is_stopping() {
                return Ok(());
            }
            retry::on_busy(|| rename_room(app, user, *room)).await?;
        }
    }
}

async fn rename_room(app: &App, user: &users::Model, room: Uuid) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    queries::access::lock_room(&tx, room.into()).await?;
    queries::departures::rename_direct_rooms(&tx, user, &[room]).await?;
    Ok(tx.commit().await?)
}
