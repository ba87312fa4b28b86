//! The cookies that hold the tokens of a browser.

use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use http::HeaderMap;
use time::Duration;

use super::tokens::{ACCESS_LIFETIME, REFRESH_LIFETIME, TokenPair};

/// The cookie of the access token.
pub const ACCESS: &str = "access_token";
/// The cookie of the refresh token.
pub const REFRESH: &str = "refresh_token";

/// The refresh token goes only where it is spent.
const REFRESH_PATH: &str = "/api/v1/auth/";

/// Both cookies of a signed-in browser, to answer with.
pub fn signed_in(tokens: &TokenPair, is_https: bool) -> CookieJar {
    CookieJar::new().add(cookie(ACCESS, tokens.access.clone(), "/", ACCESS_LIFETIME, is_https)).add(cookie(
        REFRESH,
        tokens.refresh.clone(),
        REFRESH_PATH,
        REFRESH_LIFETIME,
        is_https,
    ))
}

/// Takes both cookies away.
pub fn signed_out(is_https: bool) -> CookieJar {
    CookieJar::new().add(cookie(ACCESS, String::new(), "/", 0, is_https)).add(cookie(
        REFRESH,
        String::new(),
        REFRESH_PATH,
        0,
        is_https,
    ))
}

/// The value of a cookie that came with a request, unless it is empty.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

fn cookie(
    name: &'static str,
    value: String,
    path: &'static str,
    seconds: i64,
    is_https: bool,
) -> Cookie<'static> {
    Cookie::build((name, value))
        .path(path)
        .max_age(Duration::seconds(seconds))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https)
        .build()
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http::{HeaderValue, header};

    use super::*;

    fn lines(jar: CookieJar) -> Vec<String> {
        let response = (jar, ()).into_response();
        let mut lines: Vec<String> = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn attributes() {
        let pair = TokenPair { access: "a.b.c".to_owned(), refresh: "d.e.f".to_owned() };
        let plain = [
            "access_token=a.b.c; HttpOnly; SameSite=Lax; Path=/; Max-Age=900",
            "refresh_token=d.e.f; HttpOnly; SameSite=Lax; Path=/api/v1/auth/; Max-Age=2592000",
        ];
        assert_eq!(lines(signed_in(&pair, false)), plain);
        let secure = [
            "access_token=a.b.c; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=900",
            "refresh_token=d.e.f; HttpOnly; SameSite=Lax; Secure; Path=/api/v1/auth/; Max-Age=2592000",
        ];
        assert_eq!(lines(signed_in(&pair, true)), secure);
        let cleared = [
            "access_token=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0",
            "refresh_token=; HttpOnly; SameSite=Lax; Path=/api/v1/auth/; Max-Age=0",
        ];
        assert_eq!(lines(signed_out(false)), cleared);
    }

    #[test]
    fn reading() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("x=1; access_token=a.b.c; refresh_token="));
        assert_eq!(read(&headers, ACCESS).as_deref(), Some("a.b.c"));
        assert_eq!(read(&headers, REFRESH), None);
        assert_eq!(read(&headers, "y"), None);
    }
}
