//! `/healthz`: the process; `/readyz`: what it needs.

use axum::{Json, Router, extract::State, routing::get};
use charla_broker::Link;
use http::StatusCode;
use serde_json::{Value, json};

use crate::App;

pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// 503 where database or storage do not answer: nothing can be served then. A channel layer that is away leaves the node
/// `degraded`, with 200: it goes on serving, and hears of the other nodes by way of the database. Were it taken out of rotation,
/// all nodes would be at once.
async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let (database, storage) = tokio::join!(app.db.ping(), app.storage.ping());
    let database = said("database", database.map_err(Into::into));
    let storage = said("storage", storage);
    let is_live = app.broker.link() == Link::Live;
    let (code, status) = match (database && storage, is_live) {
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

fn said(part: &'static str, answer: anyhow::Result<()>) -> bool {
    if let Err(error) = &answer {
        tracing::error!(%error, part, "something that is needed does not answer");
    }
    answer.is_ok()
}

const fn word(is_there: bool) -> &'static str {
    if is_there { "ok" } else { "unavailable" }
}
