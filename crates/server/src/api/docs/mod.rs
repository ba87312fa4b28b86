//! The OpenAPI document, the page that shows it, and those that explain its error codes, the WebSocket doors and the search.

mod errors;
mod manual;
mod page;

use axum::{
    Router,
    response::{Html, IntoResponse, Json, Response},
    routing::get,
};
use charla_protocol::Problem;
use http::{HeaderValue, header};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::App;

/// Where the codes of errors are explained, each below its own name.
pub const ERRORS: &str = "/api/docs/errors/";
/// The page loads its one script from this server, as everything else.
const REFERENCE: &str = include_str!("reference.html");
/// Scalar styles its elements with inline styles and compiles templates; this page alone may.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data: blob:; \
    font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What the document says besides its endpoints.
#[derive(OpenApi, Debug)]
#[openapi(
    info(
        title = "Charla",
        description = "Real-time chat: REST and WebSocket. The WebSocket doors are `/ws/` and `/ws/chat/{room_id}/`; \
            [see how to use them](/api/docs/realtime/). \
            Failures are problem+json, with the codes that [are explained here](/api/docs/errors/). \
            What is said in words (`detail` and `errors` of failures, `content` of system messages) is in the language that the \
            account has chosen (`language` of `/api/v1/users/me/`), whatever `Accept-Language` says, once it is known who asks; else in the one that \
            `Accept-Language` asks for, English or Spanish; else in English.",
        license(name = "MIT", identifier = "MIT"),
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    tags(
        (name = "auth", description = "Accounts and sessions"),
        (name = "users", description = "People"),
        (name = "friends", description = "Friendships, requests for them, and blocks"),
        (name = "bots", description = "Bots and their tokens"),
        (name = "rooms", description = "Rooms and who is in them"),
        (name = "messages", description = "Messages"),
        (name = "media", description = "Files"),
        (name = "presence", description = "Who is online"),
        (name = "admin", description = "Running the server: for staff"),
    )
)]
pub struct ApiDoc;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("access_token"));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// Serves the document and its page.
pub fn router(document: utoipa::openapi::OpenApi) -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(move || std::future::ready(Json(document.clone()))))
        .route("/api/docs/", get(reference))
        .route("/api/docs/realtime/", get(manual::realtime))
        .route("/api/docs/search/", get(manual::search))
        .route(ERRORS, get(errors::show))
}

async fn reference() -> Response {
    let mut response = Html(REFERENCE).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
