//! `/api/v1/admin/`: for staff.

mod audit;
mod invites;
mod reports;
mod sanctions;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audit::list))
        .routes(routes!(invites::list, invites::create))
        .routes(routes!(invites::withdraw))
        .routes(routes!(reports::list))
        .routes(routes!(reports::resolve))
        .routes(routes!(sanctions::list, sanctions::impose))
        .routes(routes!(sanctions::lift))
}
