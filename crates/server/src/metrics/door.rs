//! `/metrics`, on an address of its own: it is for whoever runs the server, and has no sign-in.

use anyhow::Context;
use axum::{Router, extract::State, response::IntoResponse, routing::get};
use charla_metrics::CONTENT_TYPE;
use http::header;
use tokio::net::TcpListener;

use super::text;
use crate::{
    App,
    config::Config,
    error::{Error, Result},
    listen::{Patience, listen},
    middleware::{method_not_allowed, not_found},
};

/// Listens where the settings say; none where they say nothing.
///
/// # Errors
/// Where the address can't be had.
pub async fn bind(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = config.metrics_bind else { return Ok(None) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("METRICS_BIND: can't listen on {address}; end what listens there, or choose another address, such as 127.0.0.1:9464")
    })?;
    Ok(Some(listener))
}

/// Answers those who ask, until it is dropped.
pub async fn serve(app: App, listener: TcpListener) {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app);
    listen(&listener, None, router, Patience::default(), |_| false, std::future::pending()).await;
}

async fn metrics(State(app): State<App>) -> Result<impl IntoResponse> {
    let text = tokio::task::spawn_blocking(move || text(&app)).await.map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text))
}
