//! `/media/`: files, to those who may see them.

mod get;
mod headers;
mod range;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get))
}
