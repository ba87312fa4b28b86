//! How a request becomes a WebSocket (RFC 6455, 4.2).

use axum::{body::Body, response::Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::{Decoder, Line};

/// What is hashed with the client's key (RFC 6455, 1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const DEFLATE: &str = "permessage-deflate";

/// A request that may become a WebSocket.
#[derive(Debug)]
pub(crate) struct Upgrade {
    on_upgrade: OnUpgrade,
    key: HeaderValue,
    protocol: Option<&'static str>,
    /// What is answered to the offer to compress, where that is taken.
    deflate: Option<HeaderValue>,
}

/// A socket as it comes out of the handshake.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) line: Line,
    pub(crate) decoder: Decoder,
    pub(crate) is_compressing: bool,
}

impl Upgrade {
    /// None where the request asks for something else. The protocol is taken where it is offered.
    pub(crate) fn of(parts: &mut Parts, protocol: &'static str, may_compress: bool) -> Option<Self> {
        let headers = &parts.headers;
        let is_asked = parts.method == Method::GET
            && parts.version == Version::HTTP_11
            && names(headers, &header::CONNECTION).any(|name| name.eq_ignore_ascii_case("upgrade"))
            && names(headers, &header::UPGRADE).any(|name| name.eq_ignore_ascii_case("websocket"))
            && headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
        if !is_asked {
            return None;
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY)?.clone();
        let protocol =
            names(headers, &header::SEC_WEBSOCKET_PROTOCOL).any(|name| name == protocol).then_some(protocol);
        let deflate = may_compress.then(|| deflate_answer(headers)).flatten();
        let on_upgrade = parts.extensions.remove::<OnUpgrade>()?;
        Some(Self { on_upgrade, key, protocol, deflate })
    }

    /// The answer. What is given serves the socket, in a task of its own.
    pub(crate) fn accept<F>(self, serve: impl FnOnce(Opened) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept_key(&self.key));
        if let Some(protocol) = self.protocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        }
        let is_compressing = self.deflate.is_some();
        if let Some(deflate) = self.deflate {
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, deflate);
        }
        let on_upgrade = self.on_upgrade;
        tokio::spawn(async move {
            if let Some(opened) = open(on_upgrade, is_compressing).await {
                serve(opened).await;
            }
        });
        response
    }
}

async fn open(on_upgrade: OnUpgrade, is_compressing: bool) -> Option<Opened> {
    let upgraded = match on_upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "a handshake broke off");
            return None;
        }
    };
    let Some((line, read)) = line_of(upgraded) else {
        tracing::error!("a handshake came over something that is no TCP connection");
        return None;
    };
    Some(Opened { line, decoder: Decoder::new(is_compressing, read.into()), is_compressing })
}

/// The bytes beneath, with those that are read already.
fn line_of(upgraded: Upgraded) -> Option<(Line, Bytes)> {
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => Some((Line::plain(parts.io.into_inner()), parts.read_buf)),
        Err(upgraded) => {
            let parts = upgraded.downcast::<TokioIo<TlsStream<TcpStream>>>().ok()?;
            let (stream, session) = parts.io.into_inner().into_inner();
            Some((Line::secured(stream, session), parts.read_buf))
        }
    }
}

/// The names in all the headers of that kind.
fn names<'a>(headers: &'a HeaderMap, header: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

fn accept_key(key: &HeaderValue) -> HeaderValue {
    let hash = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(BASE64_STANDARD.encode(hash)).expect("base64 has no odd characters")
}

/// What is answered to the first offer that can be kept (RFC 7692, 7.1): no side keeps a window from message to message.
fn deflate_answer(headers: &HeaderMap) -> Option<HeaderValue> {
    names(headers, &header::SEC_WEBSOCKET_EXTENSIONS).find_map(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        if parts.next() != Some(DEFLATE) {
            return None;
        }
        let mut names_window = false;
        for part in parts {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
                None => (part, None),
            };
            match (name, value) {
                ("server_no_context_takeover" | "client_no_context_takeover", None) => {}
                ("client_max_window_bits", _) => {}
                // Ours is of 32 KiB; a smaller one can't be promised.
                ("server_max_window_bits", Some("15")) => names_window = true,
                _ => return None,
            }
        }
        Some(HeaderValue::from_static(match names_window {
            true => {
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15"
            }
            false => "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455, 1.3.
    #[test]
    fn the_key_is_answered() {
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept_key(&key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn of_the_offers_to_compress_the_first_that_can_be_kept_is_taken() {
        let answer = |offers: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static(offers));
            deflate_answer(&headers).map(|answer| answer.to_str().unwrap().to_owned())
        };
        let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        for offers in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits",
            "x-other, permessage-deflate; client_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        ] {
            assert_eq!(answer(offers).as_deref(), Some(plain), "{offers}");
        }
        let named = answer("permessage-deflate; server_max_window_bits=15").unwrap();
        assert!(named.ends_with("server_max_window_bits=15"), "{named}");
        for offers in [
            "x-webkit-deflate-frame",
            "permessage-deflate; server_max_window_bits=9",
            "permessage-deflate; odd",
        ] {
            assert_eq!(answer(offers), None, "{offers}");
        }
    }
}
