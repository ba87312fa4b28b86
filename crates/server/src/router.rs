//! All routes, and the layers around them.

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use http::{HeaderName, HeaderValue, Method, header, request::Parts};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App, api, assets,
    auth::{ClientInfo, client_info, origin},
    config::Config,
    deadline,
    extract::MAX_BODY,
    middleware, ws,
};

/// The REST endpoints with their documentation.
fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(api::docs::ApiDoc::openapi())
        .merge(api::auth::router())
        .merge(api::users::router())
        .merge(api::friends::router())
        .merge(api::blocks::router())
        .merge(api::bots::router())
        .merge(api::reports::router())
        .merge(api::rooms::router())
        .merge(api::invites::router())
        .merge(api::drafts::router())
        .merge(api::messages::router())
        .merge(api::mentions::router())
        .merge(api::replies::router())
        .merge(api::media::router())
        .merge(api::uploads::router())
        .merge(api::online_status::router())
        .merge(api::admin::router())
}

/// The REST endpoints, and the OpenAPI document of all of them.
fn rest() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (rest, mut document) = endpoints().split_for_parts();
    api::problems::Common.modify(&mut document);
    (rest, document)
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    rest().1
}

/// The whole service but for `middleware::canonical_path`, which has to come before the routing.
pub fn router(app: App) -> Router {
    let (rest, document) = rest();
    rest.merge(ws::router())
        .merge(api::docs::router(document))
        .merge(api::health::router())
        .fallback(assets::serve)
        .method_not_allowed_fallback(middleware::method_not_allowed)
        .layer(CatchPanicLayer::custom(middleware::panicked))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(deadline::PATIENCE, deadline::middleware))
        .layer(from_fn_with_state(app.clone(), origin::middleware))
        .layer(from_fn_with_state(app.clone(), middleware::host))
        .layer(cors(&app.config))
        .layer(from_fn_with_state(app.clone(), client_info::middleware))
        .layer(from_fn_with_state(app.clone(), middleware::edge))
        .with_state(app)
}

/// Browsers on the origins that are allowed may read the answers.
fn cors(config: &Config) -> CorsLayer {
    let config = config.clone();
    let allowed = move |origin: &HeaderValue, parts: &Parts| {
        let client = parts.extensions.get::<ClientInfo>();
        client
            .zip(origin.to_str().ok())
            .is_some_and(|(client, origin)| origin::is_allowed(&config, client, origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT_LANGUAGE])
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(std::time::Duration::from_secs(600))
}
