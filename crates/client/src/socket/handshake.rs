//! Opening a WebSocket, in every way the contract allows and in some that it does not.

use reqwest::{
    cookie::CookieStore,
    header::{
        ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER,
        SEC_WEBSOCKET_PROTOCOL,
    },
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{self, client::IntoClientRequest, handshake::client::Request, protocol::WebSocketConfig},
};

use crate::{Client, Error, Result};

/// How a handshake says who is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer`
    #[default]
    Header,
    /// `Sec-WebSocket-Protocol: charla.v1, bearer.<access>`, as browsers on another origin do.
    Subprotocol,
    /// The client's cookies; with bearer tokens, an `access_token` cookie made of them.
    Cookie,
    Nothing,
}

/// What can be chosen about a [`Socket`](crate::Socket).
#[derive(Clone, Debug)]
pub struct SocketOptions {
    pub credentials: Credentials,
    pub origin: Option<String>,
    /// Sent besides.
    pub headers: Vec<(String, String)>,
    /// Bytes, taken at once for every socket. Small: a benchmark holds thousands.
    pub read_buffer: usize,
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self { credentials: Credentials::Header, origin: None, headers: Vec::new(), read_buffer: 4 * 1024 }
    }
}

impl SocketOptions {
    /// The credentials that the client uses for REST too.
    pub(super) fn of(client: &Client) -> Self {
        let credentials = if client.0.jar.is_some() { Credentials::Cookie } else { Credentials::Header };
        Self { credentials, ..Self::default() }
    }
}

/// Opens a WebSocket at a path of the client's server.
pub(super) async fn open(
    client: &Client,
    path: &str,
    options: &SocketOptions,
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let config = WebSocketConfig::default()
        .read_buffer_size(options.read_buffer)
        // Each message goes out at once.
        .write_buffer_size(0);
    let request = request(client, path, options)?;
    let connector = Connector::Rustls(client.0.tls.clone());
    match connect_async_tls_with_config(request, Some(config), true, Some(connector)).await {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Http(response)) => {
            let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let body = response.body().as_deref().unwrap_or_default();
            Err(Error::from_answer(response.status().as_u16(), retry_after, body))
        }
        Err(error) => Err(error.into()),
    }
}

fn request(client: &Client, path: &str, options: &SocketOptions) -> Result<Request> {
    let invalid = || Error::Invalid { what: "socket address", value: path.to_owned() };
    let mut url = client.0.base.join(path).map_err(|_| invalid())?;
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).map_err(|()| invalid())?;
    let mut request = url.as_str().into_client_request()?;
    let headers = request.headers_mut();
    if let Some((name, value)) = credentials(client, options.credentials) {
        headers.insert(name, text(&value)?);
    }
    if let Some(origin) = &options.origin {
        headers.insert(ORIGIN, text(origin)?);
    }
    if let Some(language) = client.0.language.read().as_deref() {
        headers.insert(ACCEPT_LANGUAGE, text(language)?);
    }
    for (name, value) in &options.headers {
        let name = HeaderName::try_from(name.as_str())
            .map_err(|_| Error::Invalid { what: "header name", value: name.clone() })?;
        headers.append(name, text(value)?);
    }
    Ok(request)
}

fn credentials(client: &Client, credentials: Credentials) -> Option<(HeaderName, String)> {
    let access = client.0.tokens.access();
    match credentials {
        Credentials::Header => Some((AUTHORIZATION, format!("Bearer {}", access?))),
        Credentials::Subprotocol => Some((SEC_WEBSOCKET_PROTOCOL, format!("charla.v1, bearer.{}", access?))),
        Credentials::Cookie => {
            Some((COOKIE, cookies(client).or_else(|| Some(format!("access_token={}", access?)))?))
        }
        Credentials::Nothing => None,
    }
}

fn cookies(client: &Client) -> Option<String> {
    let value = client.0.jar.as_ref()?.cookies(&client.0.base)?;
    value.to_str().ok().map(str::to_owned)
}

fn text(value: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(value).map_err(|_| Error::Invalid { what: "header value", value: value.to_owned() })
}
