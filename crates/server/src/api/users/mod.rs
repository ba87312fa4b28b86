//! `/api/v1/users/`: people.

mod avatar;
mod export;
mod me;
mod sanctions;
mod search;
mod user;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search::search))
        .routes(routes!(me::read, me::update, me::delete))
        .routes(routes!(export::get))
        .routes(routes!(sanctions::list))
        .routes(routes!(avatar::set, avatar::remove))
        .routes(routes!(user::get))
}
