//! `/api/v1/auth/`: accounts and sessions.

mod answer;
mod email;
mod login;
mod logout;
mod password;
mod refresh;
mod register;
mod sessions;
mod setup;
mod two_factor;

use axum::Extension;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, extract::BodyLimit};

/// Bytes of a body: nobody has signed in yet.
const MAX_BODY: usize = 16 * 1024;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register::policy, register::register))
        .routes(routes!(login::login))
        .routes(routes!(two_factor::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(setup::setup))
        .routes(routes!(password::change))
        .routes(routes!(password::request_reset))
        .routes(routes!(password::confirm_reset))
        .routes(routes!(email::verify))
        .routes(routes!(email::send))
        .routes(routes!(two_factor::status))
        .routes(routes!(two_factor::set_up))
        .routes(routes!(two_factor::enable))
        .routes(routes!(two_factor::disable))
        .routes(routes!(two_factor::renew_codes))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .layer(Extension(BodyLimit(MAX_BODY)))
}
