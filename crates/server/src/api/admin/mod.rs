//! `/api/v1/admin/`: for staff.

mod audit;
mod invites;
mod jobs;
mod listing;
mod reports;
mod rooms;
mod sanctions;
mod settings;
mod users;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audit::list))
        .routes(routes!(invites::list, invites::create))
        .routes(routes!(invites::withdraw))
        .routes(routes!(jobs::list))
        .routes(routes!(reports::list))
        .routes(routes!(reports::resolve))
        .routes(routes!(rooms::list))
        .routes(routes!(rooms::get, rooms::update, rooms::close))
        .routes(routes!(sanctions::list, sanctions::impose))
        .routes(routes!(sanctions::lift))
        .routes(routes!(settings::get, settings::update))
        .routes(routes!(users::list))
        .routes(routes!(users::get, users::update, users::delete))
        .routes(routes!(users::end_sessions))
        .routes(routes!(users::reset_link))
}
