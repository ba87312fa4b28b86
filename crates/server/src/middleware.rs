//! What stands around every request, from the outside in: the path's one form, the request's id and language,
//! who is asking, whether that host and origin may.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use charla_protocol::ErrorCode;
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    App,
    auth::{ClientInfo, RequestLanguage},
    error::{Error, Result},
    wording::Unworded,
};

/// What a browser remembers for a year of seconds: to come by HTTPS alone.
const A_YEAR: &str = "max-age=31536000";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// By what a request is found in the log: the `X-Request-Id` of its answer.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

/// A path of the API without its trailing slash is the same path.
pub fn canonical_path<B>(mut request: http::Request<B>) -> http::Request<B> {
    let path = request.uri().path();
    let is_of =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let slashed = path.starts_with("/api/v1/") || is_of("/ws") || is_of("/api/docs");
    if slashed && !path.ends_with('/') {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = request.uri().clone().into_parts();
        // A path that was valid stays valid with a slash behind it.
        if let Ok(path) = format!("{path}/{query}").parse() {
            parts.path_and_query = Some(path);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// Names the request, and puts errors and what the server says in rooms into the reader's language.
pub async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.clock.id();
    request.extensions_mut().insert(RequestId(id));
    let id = id.to_string();
    let under_way = app.metrics.requests.begin(&request);
    let language = RequestLanguage::of(request.headers());
    request.extensions_mut().insert(language.clone());
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = %loggable_path(&request));
    let mut response = next.run(request).instrument(span).await;
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        let kept = std::mem::take(response.headers_mut());
        response = error.respond(language.get(), Some(id.clone()));
        for name in kept.keys().filter(|name| !response.headers().contains_key(*name)).collect::<Vec<_>>() {
            for value in kept.get_all(name) {
                response.headers_mut().append(name, value.clone());
            }
        }
    }
    if let Some(unworded) = response.extensions_mut().remove::<Unworded>() {
        response = unworded.complete(response, language.get());
    }
    under_way.end(response.status());
    finish(&app, response, &id)
}

/// The path without what somebody put into it. Codes of invites stand in the paths of the API and of pages: who reads the log must
/// not get in by it.
fn loggable_path(request: &Request) -> String {
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        return route.as_str().to_owned();
    }
    match request.uri().path().split('/').nth(1) {
        Some(root) if request.uri().path().len() > root.len() + 1 => format!("/{root}/…"),
        root => format!("/{}", root.unwrap_or_default()),
    }
}

fn finish(app: &App, mut response: Response, id: &str) -> Response {
    let unauthorized = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    if unauthorized {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.config.public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(A_YEAR));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Answers only under a name of this server. Health checks come by address.
pub async fn host(
    State(app): State<App>,
    client: ClientInfo,
    request: Request,
    next: Next,
) -> Result<Response> {
    let is_check = matches!(request.uri().path(), "/healthz" | "/readyz");
    let known = client.host_name().is_some_and(|name| is_allowed(&app.config.allowed_hosts, name));
    if known || is_check { Ok(next.run(request).await) } else { Err(Error::new(ErrorCode::HostNotAllowed)) }
}

/// Whether a host of that name is one of those.
pub(crate) fn is_allowed(allowed: &[String], name: &str) -> bool {
    allowed.iter().any(|allowed| match allowed.strip_prefix('.') {
        Some(domain) => name == domain || name.ends_with(allowed.as_str()),
        None => allowed == "*" || allowed == name,
    })
}

/// There is nothing at that address.
pub async fn not_found() -> Error {
    Error::not_found()
}

/// There is something, but not for that method.
pub async fn method_not_allowed() -> Error {
    Error::new(ErrorCode::MethodNotAllowed)
}

/// A handler panicked: a defect, logged by the panic hook.
pub fn panicked(_cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Error::new(ErrorCode::Internal).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        middleware::from_fn,
        routing::get,
    };
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn a_missing_slash_is_added_where_paths_have_one() {
        for (path, expected) in [
            ("/api/v1/chat/rooms", "/api/v1/chat/rooms/"),
            ("/api/v1/chat/rooms/?a=1", "/api/v1/chat/rooms/?a=1"),
            ("/api/v1/chat/rooms?a=1", "/api/v1/chat/rooms/?a=1"),
            ("/ws", "/ws/"),
            ("/ws/chat/1", "/ws/chat/1/"),
            ("/api/docs", "/api/docs/"),
            ("/api/docs/errors", "/api/docs/errors/"),
            ("/api/docsx", "/api/docsx"),
            ("/api/openapi.json", "/api/openapi.json"),
            ("/healthz", "/healthz"),
            ("/rooms/1", "/rooms/1"),
        ] {
            let request = canonical_path(http::Request::get(path).body(()).unwrap());
            assert_eq!(request.uri().to_string(), expected);
        }
    }

    #[tokio::test]
    async fn what_stands_in_a_path_is_not_logged() {
        let path = async |request: Request, _: Next| loggable_path(&request);
        let router = Router::new()
            .route("/api/v1/chat/invites/{code}/", get(async || ()))
            .fallback(async || ())
            .layer(from_fn(path));
        for (asked, logged) in [
            ("/api/v1/chat/invites/secret/?a=secret", "/api/v1/chat/invites/{code}/"),
            ("/invite/secret", "/invite/…"),
            ("/favicon.ico", "/favicon.ico"),
            ("/", "/"),
        ] {
            let request = Request::get(asked).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), logged, "{asked}");
        }
    }

    #[test]
    fn hosts() {
        let allowed = ["chat.example.org".to_owned(), ".lan".to_owned()];
        for (name, expected) in
            [("chat.example.org", true), ("evil.org", false), ("a.lan", true), ("lan", true), ("xlan", false)]
        {
            assert_eq!(is_allowed(&allowed, name), expected, "{name}");
        }
        assert!(is_allowed(&["*".to_owned()], "anything"));
    }
}
