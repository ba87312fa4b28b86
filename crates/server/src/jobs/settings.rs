//! Looks for what staff have set on another node.

use std::time::Duration;

use charla_db::in_time;

use crate::App;

/// With what a slow database takes less than the ten seconds that are promised.
const LOOK_EVERY: Duration = Duration::from_secs(3);

pub(super) fn start(app: &App) {
    app.run_job(run(app.clone()));
}

async fn run(app: App) {
    while app.goes_on_after(tokio::time::sleep(LOOK_EVERY)).await {
        if let Err(error) = in_time(app.look_at_settings()).await {
            tracing::warn!(%error, "what staff have set can't be read; what was in force stays so");
        }
    }
}
