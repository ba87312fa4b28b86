//! `/api/v1/admin/`: for staff.

mod audit;
mod invites;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audit::list))
        .routes(routes!(invites::list, invites::create))
        .routes(routes!(invites::withdraw))
}
