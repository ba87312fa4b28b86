//! How each kind of setting is written. An error says what would be right, and never repeats the value.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    path::Path,
};

use charla_broker::RedisSettings;
use charla_protocol::{auth::Registration, users::DirectMessages};
use ipnet::IpNet;
use url::Url;

use super::Secret;

pub(super) type Parsed<T> = Result<T, String>;

/// Characters of a secret key.
pub(super) const MIN_SECRET: usize = 32;

pub(super) fn wrong<T>(text: &str) -> Parsed<T> {
    Err(text.to_owned())
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Ok(true),
        "false" | "off" | "no" | "0" => Ok(false),
        _ => wrong("write true or false, or on or off"),
    }
}

pub(super) fn registration(text: &str) -> Parsed<Registration> {
    match text {
        "open" => Ok(Registration::Open),
        "invite" => Ok(Registration::Invite),
        "closed" => Ok(Registration::Closed),
        _ => wrong("write open, invite or closed"),
    }
}

pub(super) fn direct_messages(text: &str) -> Parsed<DirectMessages> {
    match text {
        "everyone" => Ok(DirectMessages::Everyone),
        "friends" => Ok(DirectMessages::Friends),
        _ => wrong("write everyone or friends"),
    }
}

pub(super) fn secret_key(text: &str) -> Parsed<Secret> {
    if text.chars().count() < MIN_SECRET {
        return Err(format!(
            "it has fewer than {MIN_SECRET} characters: take the output of `openssl rand -base64 48`, or leave it out"
        ));
    }
    Ok(Secret(text.as_bytes().to_vec()))
}

/// An address or a name of this machine, and a port. Of several addresses of a name the first of version 4 counts, as most
/// clients take it.
pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    const REMEDY: &str =
        "write an address and a port, such as 127.0.0.1:8000, 0.0.0.0:8000, [::]:8000 or localhost:8000";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    if port.is_none_or(|port| port.parse::<u16>().is_err()) {
        return wrong(REMEDY);
    }
    let found: Vec<SocketAddr> = text.to_socket_addrs().into_iter().flatten().collect();
    let address = found.iter().find(|address| address.is_ipv4()).or(found.first());
    address.copied().ok_or_else(|| format!("there is no machine of that name: {REMEDY}"))
}

/// Bytes.
pub(super) fn size(text: &str) -> Parsed<u64> {
    let text = text.replace([' ', '_'], "");
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => 0,
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    bytes.filter(|bytes| *bytes > 0).map_or_else(|| wrong("write a number of bytes, or such as 25 MiB"), Ok)
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    let network = |item: &str| item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
    items(text)
        .map(|item| {
            network(item).or_else(|_| wrong("write networks joined by commas, such as 10.0.0.0/8,127.0.0.1"))
        })
        .collect()
}

pub(super) fn hosts(text: &str) -> Parsed<Vec<String>> {
    items(text).map(host).collect()
}

/// A name or an address without port.
fn host(item: &str) -> Parsed<String> {
    let item = item.to_ascii_lowercase();
    if item == "*" {
        return Ok(item);
    }
    let bare = item.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&item);
    if let Ok(ip) = bare.parse::<Ipv6Addr>() {
        return Ok(format!("[{ip}]"));
    }
    let name = item.strip_prefix('.').unwrap_or(&item);
    let fits = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if name.split('.').all(fits) {
        return Ok(item);
    }
    wrong(
        "write names joined by commas, without http:// and without port, such as chat.example.org,.example.com",
    )
}

pub(super) fn origins(text: &str) -> Parsed<Vec<String>> {
    items(text).map(origin).collect()
}

/// A scheme and a host, with a port where it is not the usual one, or `:*` for any.
fn origin(item: &str) -> Parsed<String> {
    const REMEDY: &str = "write origins joined by commas, each with http:// or https:// and without a path, such as https://chat.example.org";
    let (base, any_port) = match item.strip_suffix(":*") {
        Some(base) => (base, ":*"),
        None => (item, ""),
    };
    let Ok(url) = Url::parse(base) else { return wrong(REMEDY) };
    let is_bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !is_bare || (!any_port.is_empty() && url.port().is_some()) {
        return wrong(REMEDY);
    }
    Ok(format!("{}{any_port}", url.origin().ascii_serialization()))
}

/// A scheme and a host, with a port where it is not the usual one.
pub(super) fn public_url(text: &str) -> Parsed<String> {
    const REMEDY: &str = "write one address without a path, such as https://chat.example.org";
    if text.ends_with(":*") { wrong(REMEDY) } else { origin(text).or_else(|_| wrong(REMEDY)) }
}

/// Where people on this machine reach a server that listens there.
pub(super) fn local_url(bind: SocketAddr, is_tls: bool) -> String {
    let host = if bind.ip().is_unspecified() { "localhost".to_owned() } else { host_of(bind.ip()) };
    format!("{}://{host}:{}", if is_tls { "https" } else { "http" }, bind.port())
}

fn host_of(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

pub(super) fn database_url(text: &str) -> Parsed<String> {
    if let Some(path) = sqlite_path(text) {
        let in_memory = path.contains(":memory:") || text.contains("mode=memory");
        return match path.as_str() {
            "" => wrong("name a file, such as sqlite://data/charla.db"),
            _ if in_memory => {
                wrong("a database in memory would be lost, and serves one connection only: name a file")
            }
            _ => Ok(text.to_owned()),
        };
    }
    if names_several_hosts(text) {
        return wrong(
            "name one host, by a name or an address that follows the primary, or a proxy before the servers: of several hosts none is \
             chosen here, and a server that is no primary is refused whatever its name",
        );
    }
    let remedy =
        "write sqlite://path, postgres://user:password@host/database or mysql://user:password@host/database";
    url_of(text, &["postgres", "postgresql", "mysql"], remedy)
}

/// Whether there is a list where the host or its port belongs, as other programs take it.
fn names_several_hosts(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or(place);
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let is_list = |pair: &str| {
        pair.split_once('=').is_some_and(|(name, value)| {
            matches!(name, "host" | "hostaddr" | "port") && (value.contains(',') || value.contains("%2C"))
        })
    };
    hosts.contains(',') || query.split('&').any(is_list)
}

/// The file of a `sqlite://` address.
pub(super) fn sqlite_path(text: &str) -> Option<String> {
    let rest = text.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    Some(percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned())
}

/// The `sqlite://` address of a file.
pub(super) fn sqlite_url(path: &Path) -> String {
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{path}")
}

pub(super) fn redis_url(text: &str) -> Parsed<RedisSettings> {
    text.parse()
}

pub(super) fn storage_url(text: &str) -> Parsed<String> {
    if text.strip_prefix("file://").is_some_and(|path| !path.is_empty()) {
        return Ok(text.to_owned());
    }
    url_of(text, &["s3"], "write file://folder or s3://bucket/prefix")
}

fn url_of(text: &str, schemes: &[&str], remedy: &str) -> Parsed<String> {
    let url = Url::parse(text).ok();
    let fits = url.is_some_and(|url| {
        schemes.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty())
    });
    if fits { Ok(text.to_owned()) } else { wrong(remedy) }
}
