//! `/healthz`: the process; `/readyz`: what it needs.

use axum::{Json, Router, extract::State, routing::get};
use http::StatusCode;
use serde_json::{Value, json};

use crate::App;

pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let (database, storage) = tokio::join!(app.db.ping(), app.storage.ping());
    let parts = [
        ("database", said("database", database.map_err(Into::into))),
        // That of a single node is part of the process.
        ("channel_layer", true),
        ("storage", said("storage", storage)),
    ];
    let is_ready = parts.iter().all(|(_, is_there)| *is_there);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut body = json!({ "status": word(is_ready) });
    for (part, is_there) in parts {
        body[part] = word(is_there).into();
    }
    (status, Json(body))
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
