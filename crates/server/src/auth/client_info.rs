//! What may be believed of where a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, Uri, header, request::Parts};
use ipnet::IpNet;

use crate::{App, error::Error, text, tls::Secured};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Characters of a user agent that are kept.
const USER_AGENT_LENGTH: usize = 255;

/// The other end, as a trusted proxy tells it or else as the connection shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientInfo {
    pub ip: IpAddr,
    pub is_https: bool,
    /// The name the client used for this server: lower case, with the port if it named one.
    pub host: Option<String>,
    /// Without control characters, at most 255 characters; may be empty.
    pub user_agent: String,
}

impl ClientInfo {
    /// Reads a request from `peer`. What it says of other hosts counts only if `peer` is trusted.
    pub fn of(peer: IpAddr, headers: &HeaderMap, uri: &Uri, trusted: &[IpNet]) -> Self {
        let peer = peer.to_canonical();
        let is_proxy = is_trusted(peer, trusted);
        Self {
            ip: if is_proxy { forwarded_ip(peer, headers, trusted) } else { peer },
            is_https: is_proxy && is_forwarded_https(headers),
            host: host(headers, uri),
            user_agent: user_agent(headers),
        }
    }

    /// The host without its port. An IPv6 address keeps its brackets.
    pub fn host_name(&self) -> Option<&str> {
        let host = self.host.as_deref()?;
        match host.rfind(':') {
            Some(colon) if !host[colon..].contains(']') => Some(&host[..colon]),
            _ => Some(host),
        }
    }

    /// The origin of this server as the client sees it, such as `https://chat.example.org`; a default port is left out.
    pub fn origin(&self) -> Option<String> {
        let (scheme, default_port) = if self.is_https { ("https", ":443") } else { ("http", ":80") };
        let host = self.host.as_deref()?;
        Some(format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(host)))
    }
}

/// Puts the `ClientInfo` of a request into its extensions.
pub async fn middleware(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let mut client = ClientInfo::of(peer, request.headers(), request.uri(), &app.config.trusted_proxies);
    client.is_https |= request.extensions().get::<Secured>().is_some();
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl<S: Send + Sync> FromRequestParts<S> for ClientInfo {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        let client = parts.extensions.get::<Self>().cloned();
        client.ok_or_else(|| Error::internal("a route without the client_info middleware"))
    }
}

fn is_trusted(ip: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&ip))
}

/// The nearest address in `X-Forwarded-For` that is not a trusted proxy's. Each proxy adds on the right whom it was called by;
/// what stands left of the first stranger, or of anything that is no address, may be made up.
fn forwarded_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let values: Vec<&str> = values(headers, &FORWARDED_FOR).collect();
    let mut nearest = peer;
    for text in values.into_iter().rev() {
        let Some(ip) = parse_ip(text) else { break };
        nearest = ip;
        if !is_trusted(ip, trusted) {
            break;
        }
    }
    nearest
}

/// The last value is the one that the trusted peer wrote itself.
fn is_forwarded_https(headers: &HeaderMap) -> bool {
    values(headers, &FORWARDED_PROTO).last().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

/// The members of a comma-separated header, over all its lines.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// An address, alone or with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn parse_ip(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let ip =
        bare.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(ip.to_canonical())
}

/// HTTP/1.1 says it in `Host`, HTTP/2 in the address of the request. What has not the form of a host is none.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let mut lines = headers.get_all(header::HOST).iter();
    let named = lines.next().and_then(|host| host.to_str().ok());
    // Others may believe the second one.
    if lines.next().is_some() {
        return None;
    }
    let host = named.or_else(|| uri.authority().map(http::uri::Authority::as_str))?;
    is_host(host).then(|| host.to_ascii_lowercase())
}

/// A name or an address, an IPv6 one in brackets, with a port or without. Others may see another host in what has more to it,
/// such as `localhost:1@evil.example`.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
    };
    is_name && port.is_none_or(is_port)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

fn user_agent(headers: &HeaderMap) -> String {
    let Some(value) = headers.get(header::USER_AGENT) else { return String::new() };
    text::clean_line(&String::from_utf8_lossy(value.as_bytes())).chars().take(USER_AGENT_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(peer: &str, rows: &[(&'static str, &str)]) -> ClientInfo {
        let mut headers = HeaderMap::new();
        for (name, value) in rows {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect();
        ClientInfo::of(peer.parse().unwrap(), &headers, &Uri::from_static("/"), &trusted)
    }

    #[test]
    fn the_address_behind_proxies() {
        type Row = (&'static str, &'static [&'static str], &'static str);
        let rows: [Row; 13] = [
            ("192.0.2.9", &[], "192.0.2.9"),
            ("192.0.2.9", &["198.51.100.1"], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("fd00::1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("::ffff:192.0.2.9", &["198.51.100.1"], "192.0.2.9"),
        ];
        for (peer, lines, expected) in rows {
            let headers: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(of(peer, &headers).ip.to_string(), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn https_is_believed_of_proxies_alone() {
        let proto = |peer, value| of(peer, &[("x-forwarded-proto", value)]).is_https;
        assert!(proto("10.0.0.1", "https"));
        assert!(proto("10.0.0.1", "HTTPS"));
        assert!(proto("10.0.0.1", "http, https"));
        assert!(!proto("10.0.0.1", "https, http"));
        assert!(!proto("10.0.0.1", "http"));
        assert!(!proto("192.0.2.9", "https"));
    }

    #[test]
    fn hosts_and_origins() {
        let rows = [
            ("Chat.Example.org", "https", "chat.example.org", "https://chat.example.org"),
            ("chat.example.org:443", "https", "chat.example.org", "https://chat.example.org"),
            ("chat.example.org:443", "http", "chat.example.org", "http://chat.example.org:443"),
            ("localhost:8000", "http", "localhost", "http://localhost:8000"),
            ("[::1]:8000", "http", "[::1]", "http://[::1]:8000"),
            ("[::1]", "http", "[::1]", "http://[::1]"),
        ];
        for (host, proto, name, origin) in rows {
            let client = of("10.0.0.1", &[("host", host), ("x-forwarded-proto", proto)]);
            assert_eq!(client.host_name(), Some(name));
            assert_eq!(client.origin().as_deref(), Some(origin));
        }
        assert_eq!(of("10.0.0.1", &[]).origin(), None);
    }

    #[test]
    fn what_is_no_host_is_none() {
        for host in [
            "",
            ":8000",
            "localhost:",
            "localhost:x",
            "localhost:+80",
            "localhost:65536",
            "localhost:1@evil.example",
            "evil.example@localhost",
            "localhost/evil",
            "localhost#",
            "local host",
            "a:b:1",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]:",
            "[::1]:1@evil.example",
            "[x]",
        ] {
            assert_eq!(of("10.0.0.1", &[("host", host)]).host, None, "{host}");
        }
        for host in ["my_app", "127.0.0.1:1", "xn--caf-dma.example.", "[2001:db8::1]:65535"] {
            assert_eq!(of("10.0.0.1", &[("host", host)]).host.as_deref(), Some(host));
        }
    }

    #[test]
    fn the_user_agent_is_cut() {
        assert_eq!(of("10.0.0.1", &[("user-agent", &"ü".repeat(300))]).user_agent.chars().count(), 255);
        assert_eq!(of("10.0.0.1", &[]).user_agent, "");
    }
}
