//! `/healthz`: the process; `/readyz`: what it needs.

use std::time::Duration;

use anyhow::anyhow;
use axum::{Json, Router, extract::State, routing::get};
use charla_broker::Link;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::App;

pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// How long each part may take to answer: less than the two seconds for which a proxy waits (`deploy/Caddyfile`).
const PATIENCE: Duration = Duration::from_millis(1500);

/// 503 where the database does not answer: nothing can be served then. A channel layer or a storage that is away leaves the node
/// `degraded`, with 200: it goes on serving messages, and hears of the other nodes by way of the database. Were it taken out of
/// rotation, all nodes would be at once.
async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let database = async { Ok(app.db.ping().await?) };
    let (database, storage) = tokio::join!(said("database", database), said("storage", app.storage.ping()));
    let is_live = app.broker.link() == Link::Live;
    let (code, status) = match (database, storage && is_live) {
        (true, true) => (StatusCode::OK, "ok"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let body = json!({
        "status": status,
        "database": word(database),
        "channel_layer": if is_live { "ok" } else { "degraded" },
        "storage": word(storage),
    });
    (code, Json(body))
}

async fn said(part: &'static str, answer: impl Future<Output = anyhow::Result<()>>) -> bool {
    let answer = timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(anyhow!("no answer in time")));
    if let Err(error) = &answer {
        tracing::error!(%error, part, "something that is needed does not answer");
    }
    answer.is_ok()
}

const fn word(is_there: bool) -> &'static str {
    if is_there { "ok" } else { "unavailable" }
}
