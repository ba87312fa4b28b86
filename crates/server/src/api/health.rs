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
    match app.db.ping().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ok", "database": "ok", "channel_layer": "ok" }))),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let body = json!({ "status": "unavailable", "database": "unavailable", "channel_layer": "ok" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}
