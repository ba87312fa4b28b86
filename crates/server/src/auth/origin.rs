//! Which sites' pages may call: a browser sends cookies along whoever's page asks.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use charla_protocol::ErrorCode;
use http::{HeaderMap, HeaderName, Method, header};

use super::{ClientInfo, cookies};
use crate::{
    App,
    config::Config,
    error::{Error, Result},
};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Applies [`check_cross_site`] to a request.
///
/// # Errors
/// `origin_not_allowed`
pub async fn middleware(
    State(app): State<App>,
    client: ClientInfo,
    request: Request,
    next: Next,
) -> Result<Response> {
    check_cross_site(&app.config, request.method(), request.headers(), &client)?;
    Ok(next.run(request).await)
}

/// An unsafe method with cookies needs an origin that is allowed. Without `Origin` it passes, unless the browser says that
/// another site asks.
///
/// # Errors
/// `origin_not_allowed`
pub fn check_cross_site(
    config: &Config,
    method: &Method,
    headers: &HeaderMap,
    client: &ClientInfo,
) -> Result<()> {
    if is_safe(method) || !has_cookie_credentials(headers) {
        return Ok(());
    }
    let from_elsewhere = headers.get(FETCH_SITE).is_some_and(|site| site.as_bytes() == b"cross-site");
    if from_elsewhere && !headers.contains_key(header::ORIGIN) {
        return Err(Error::new(ErrorCode::OriginNotAllowed));
    }
    check_origin(config, headers, client)
}

/// An `Origin`, where there is one, must be allowed: for WebSocket handshakes, whatever their credentials.
///
/// # Errors
/// `origin_not_allowed`
pub fn check_origin(config: &Config, headers: &HeaderMap, client: &ClientInfo) -> Result<()> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if origins.all(|origin| origin.to_str().is_ok_and(|origin| is_allowed(config, client, origin))) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::OriginNotAllowed))
    }
}

/// Whether an origin is this server's own, as the client sees it, or one of `ALLOWED_ORIGINS`.
pub fn is_allowed(config: &Config, client: &ClientInfo, origin: &str) -> bool {
    let origin = origin.to_ascii_lowercase();
    client.origin().is_some_and(|own| own == origin)
        || config.allowed_origins.iter().any(|allowed| matches(allowed, &origin))
}

/// `http://localhost:*` allows every port.
fn matches(allowed: &str, origin: &str) -> bool {
    let Some(base) = allowed.strip_suffix(":*") else { return allowed == origin };
    match origin.strip_prefix(base) {
        Some("") => true,
        Some(port) => port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()),
        None => false,
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

fn has_cookie_credentials(headers: &HeaderMap) -> bool {
    !headers.contains_key(header::AUTHORIZATION)
        && [cookies::ACCESS, cookies::REFRESH].iter().any(|name| cookies::read(headers, name).is_some())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const COOKIE: (&str, &str) = ("cookie", "access_token=a");
    const REFRESH: (&str, &str) = ("cookie", "refresh_token=a");
    const BEARER: (&str, &str) = ("authorization", "Bearer a");
    const OWN: (&str, &str) = ("origin", "https://chat.example.org");
    const FRIEND: (&str, &str) = ("origin", "https://app.example.com");
    const EVIL: (&str, &str) = ("origin", "https://evil.example");
    const CROSS: (&str, &str) = ("sec-fetch-site", "cross-site");
    const SAME: (&str, &str) = ("sec-fetch-site", "same-site");

    fn rules() -> (Config, ClientInfo) {
        let mut config = Config::for_tests();
        config.allowed_origins = vec!["https://app.example.com".to_owned(), "http://localhost:*".to_owned()];
        let client = ClientInfo {
            ip: [192, 0, 2, 1].into(),
            is_https: true,
            host: Some("chat.example.org".to_owned()),
            user_agent: String::new(),
        };
        (config, client)
    }

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        rows.iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn unsafe_methods_with_cookies_need_an_origin_that_is_allowed() {
        let (config, client) = rules();
        type Row = (Method, &'static [(&'static str, &'static str)], bool);
        let rows: [Row; 20] = [
            (Method::POST, &[COOKIE], true),
            (Method::POST, &[COOKIE, OWN], true),
            (Method::POST, &[COOKIE, FRIEND], true),
            (Method::POST, &[COOKIE, FRIEND, CROSS], true),
            (Method::POST, &[COOKIE, OWN, SAME], true),
            (Method::POST, &[COOKIE, SAME], true),
            (Method::POST, &[COOKIE, CROSS], false),
            (Method::POST, &[COOKIE, EVIL], false),
            (Method::POST, &[REFRESH, EVIL], false),
            (Method::POST, &[COOKIE, ("origin", "null")], false),
            (Method::POST, &[COOKIE, ("origin", "http://chat.example.org")], false),
            (Method::POST, &[COOKIE, ("origin", "https://chat.example.org.evil.example")], false),
            (Method::PATCH, &[COOKIE, EVIL], false),
            (Method::DELETE, &[COOKIE, EVIL], false),
            (Method::GET, &[COOKIE, EVIL], true),
            (Method::HEAD, &[COOKIE, CROSS], true),
            (Method::POST, &[EVIL, CROSS], true),
            (Method::POST, &[BEARER, EVIL], true),
            (Method::POST, &[BEARER, COOKIE, EVIL], true),
            (Method::POST, &[("cookie", "theme=dark"), EVIL], true),
        ];
        for (method, rows, passes) in rows {
            let checked = check_cross_site(&config, &method, &headers(rows), &client);
            assert_eq!(checked.is_ok(), passes, "{method} {rows:?}");
            if let Err(error) = checked {
                assert_eq!(error.code, ErrorCode::OriginNotAllowed);
            }
        }
    }

    #[test]
    fn a_handshake_needs_its_origin_allowed_whatever_the_credentials() {
        let (config, client) = rules();
        let rows: [(&[(&str, &str)], bool); 10] = [
            (&[], true),
            (&[OWN], true),
            (&[FRIEND], true),
            (&[EVIL], false),
            (&[BEARER, EVIL], false),
            (&[("origin", "HTTPS://Chat.Example.Org")], true),
            (&[("origin", "http://localhost:5173")], true),
            (&[("origin", "http://localhost")], true),
            (&[("origin", "http://localhost:5173.evil.example")], false),
            (&[("origin", "http://localhost.evil.example")], false),
        ];
        for (rows, passes) in rows {
            assert_eq!(check_origin(&config, &headers(rows), &client).is_ok(), passes, "{rows:?}");
        }
    }

    #[test]
    fn every_origin_counts_where_there_are_several() {
        let (config, client) = rules();
        let mut two = headers(&[OWN]);
        two.append("origin", HeaderValue::from_static(EVIL.1));
        assert!(check_origin(&config, &two, &client).is_err());
    }
}
