//! Stub.
pub fn router() -> utoipa_axum::router::OpenApiRouter<crate::App> { utoipa_axum::router::OpenApiRouter::new() }
