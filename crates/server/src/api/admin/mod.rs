//! `/api/v1/admin/`: for staff.

mod invites;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(invites::list, invites::create)).routes(routes!(invites::withdraw))
}
