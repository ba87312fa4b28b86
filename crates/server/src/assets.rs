//! The built web client, embedded in the binary. In a debug build it is read from `web/build` as it then is. What brotli
//! makes smaller is there compressed alone, which is what browsers take; for who doesn't, it is unpacked.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{App, error::Error};

#[derive(RustEmbed)]
#[folder = "../../web/build"]
#[allow_missing = true]
struct WebClient;

const INDEX: &str = "index.html";
/// Files below it are named after their content.
const IMMUTABLE: &str = "_app/immutable/";
/// Which scripts may run says the page itself, by their hashes. From where pictures and films may come depends on the storage.
const POLICY: &str = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Below these are no pages: programs that ask there must not take the client for an answer.
const NOT_PAGES: [&str; 6] = ["api", "ws", "media", "metrics", "healthz", "readyz"];
const NOT_BUILT: &str = "The web client has not been built: run `make run`, or `npm run build` in web/.";

/// Serves a file of the client; any other path that a person may visit is the client's own to route.
pub(crate) async fn serve(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let root = path.split('/').next().unwrap_or_default();
    if !matches!(method, Method::GET | Method::HEAD) || NOT_PAGES.contains(&root) {
        return Error::not_found().into_response();
    }
    let origin = app.storage.link_origin().await;
    if let Some(response) = file(path, &headers, origin) {
        return response;
    }
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    match is_page.then(|| file(INDEX, &headers, origin)) {
        Some(Some(response)) => response,
        Some(None) => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
        None => Error::not_found().into_response(),
    }
}

/// `origin` is where files are besides on this server.
fn file(path: &str, headers: &HeaderMap, origin: Option<&str>) -> Option<Response> {
    let file = Kept::find(path).filter(|_| !path.is_empty())?;
    let is_packed = file.is_packed() && accepts_brotli(headers);
    let tag = file.etag(is_packed);
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => file.body(is_packed)?.into_response(),
    };
    let values = response.headers_mut();
    values.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
    values.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy(origin)).ok()?);
    values.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    values.insert(header::ETAG, HeaderValue::from_str(&tag).ok()?);
    let content_type = mime_guess::from_path(path).first_or_octet_stream();
    values.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type.as_ref()).ok()?);
    if is_packed {
        values.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    Some(response)
}

/// A file as it is kept.
enum Kept {
    Plain(EmbeddedFile),
    Packed(EmbeddedFile),
}

impl Kept {
    fn find(path: &str) -> Option<Self> {
        let packed = WebClient::get(&format!("{path}.br")).map(Self::Packed);
        packed.or_else(|| WebClient::get(path).map(Self::Plain))
    }

    fn is_packed(&self) -> bool {
        matches!(self, Self::Packed(_))
    }

    fn body(self, is_packed: bool) -> Option<Body> {
        match self {
            Self::Packed(file) if !is_packed => unpack(&file.data).map(Body::from),
            Self::Packed(file) | Self::Plain(file) => Some(Body::from(file.data)),
        }
    }

    /// Of the file as it is sent: packed and unpacked have different ones.
    fn etag(&self, is_packed: bool) -> String {
        let (Self::Packed(file) | Self::Plain(file)) = self;
        let hash = file.metadata.sha256_hash();
        let hex = hex::encode(&hash[..16]);
        if is_packed { format!("\"{hex}-br\"") } else { format!("\"{hex}\"") }
    }
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let unpacked = brotli_decompressor::BrotliDecompress(&mut &packed[..], &mut plain);
    unpacked
        .inspect_err(|error| tracing::error!(%error, "a file of the web client can't be unpacked"))
        .ok()?;
    Some(plain)
}

fn policy(origin: Option<&str>) -> String {
    let origin = origin.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!("{POLICY}; img-src 'self' data: blob:{origin}; media-src 'self' blob:{origin}")
}

fn cache_control(path: &str) -> &'static str {
    if path.starts_with(IMMUTABLE) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.trim().split(';');
        parts.next() == Some("br") && !parts.any(|part| matches!(part.trim(), "q=0" | "q=0.0"))
    })
}
