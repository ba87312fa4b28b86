//! How Redis is reached, as `REDIS_URL` says it.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use tokio_rustls::TlsConnector;

use super::tls;

/// Where Redis is, how to sign in there, and what the channels of this installation are called.
#[derive(Clone)]
pub struct RedisSettings {
    pub(super) kind: Kind,
    pub(super) places: Vec<Place>,
    pub(super) login: Option<Login>,
    pub(super) tls: Option<TlsConnector>,
    /// What the names of all channels begin with.
    pub(super) prefix: String,
}

/// What stands at the places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One server.
    Alone,
    /// Sentinels, who know where the master of the service is.
    Sentinel { service: String },
    /// Some nodes of a cluster, who know the others.
    Cluster,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
}

/// Who signs in.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    /// Redis calls it `default` where nobody named another.
    pub(super) user: String,
    pub(super) password: String,
}

const REMEDY: &str = "write redis://user:password@host:6379/0, redis-sentinel://user:password@host:26379,host:26379/service \
    or redis-cluster://user:password@host:6379,host:6379 (rediss… for TLS); user and password may be left out, \
    ?ca=file trusts a certificate of your own, ?prefix=name tells installations apart that share a Redis";
const REDIS_PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26_379;

/// An error says what would be right, and never repeats the value.
impl FromStr for RedisSettings {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = parsed(text).ok_or(REMEDY)?;
        let tls = if parts.is_secure { Some(tls::connector(parts.ca.as_deref())?) } else { None };
        let Parts { kind, places, login, prefix, .. } = parts;
        Ok(Self { kind, places, login, tls, prefix })
    }
}

/// Without the password.
impl fmt::Debug for RedisSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tls = if self.tls.is_some() { ", TLS" } else { "" };
        write!(f, "RedisSettings({:?}, {:?}{tls}, {:?})", self.kind, self.places, self.prefix)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

struct Parts {
    kind: Kind,
    places: Vec<Place>,
    login: Option<Login>,
    is_secure: bool,
    ca: Option<PathBuf>,
    prefix: String,
}

fn parsed(text: &str) -> Option<Parts> {
    let (scheme, rest) = text.split_once("://")?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, hosts) = match authority.rsplit_once('@') {
        Some((login, hosts)) => (Some(signed_in(login)?), hosts),
        None => (None, authority),
    };
    let (scheme, is_secure) = match scheme.strip_prefix("rediss") {
        Some(rest) => (rest, true),
        None => (scheme.strip_prefix("redis")?, false),
    };
    let kind = match (scheme, path) {
        ("", _) => Kind::Alone,
        ("-sentinel", service) if !service.is_empty() => Kind::Sentinel { service: decoded(service)? },
        ("-cluster", "") => Kind::Cluster,
        _ => return None,
    };
    let usual = if matches!(kind, Kind::Sentinel { .. }) { SENTINEL_PORT } else { REDIS_PORT };
    let places: Vec<Place> = hosts.split(',').map(|host| place(host, usual)).collect::<Option<_>>()?;
    if kind == Kind::Alone && places.len() != 1 {
        return None;
    }
    // Databases know nothing of channels: their number only stands in the names.
    let number = match (&kind, path) {
        (Kind::Alone, number) if !number.is_empty() => number.parse::<u16>().ok()?,
        _ => 0,
    };
    let (ca, prefix) = parameters(query, is_secure)?;
    let prefix = prefix.unwrap_or_else(|| format!("charla:{number}"));
    Some(Parts { kind, places, login, is_secure, ca, prefix })
}

fn signed_in(login: &str) -> Option<Login> {
    let (user, password) = login.split_once(':').filter(|(_, password)| !password.is_empty())?;
    let user = if user.is_empty() { "default".to_owned() } else { decoded(user)? };
    Some(Login { user, password: decoded(password)? })
}

fn place(text: &str, usual: u16) -> Option<Place> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':')?)),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Some(usual), |port| port.parse().ok().filter(|port| *port > 0))?;
    let is_name = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "@/#%\\".contains(c));
    is_name.then(|| Place { host: host.to_owned(), port })
}

/// A hash tag would put all channels into one slot of a cluster.
fn parameters(query: &str, is_secure: bool) -> Option<(Option<PathBuf>, Option<String>)> {
    let (mut ca, mut prefix) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=')? {
            ("ca", path) if is_secure && !path.is_empty() => ca = Some(Path::new(&decoded(path)?).to_owned()),
            ("prefix", name) if !name.is_empty() => {
                prefix = Some(decoded(name).filter(|name| !name.contains('{'))?)
            }
            _ => return None,
        }
    }
    Some((ca, prefix))
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_encoding::percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str, port: u16) -> Place {
        Place { host: host.to_owned(), port }
    }

    #[test]
    fn one_server() {
        let rows = [
            ("redis://localhost", at("localhost", 6379), "charla:0"),
            ("redis://10.0.0.1:7000/3", at("10.0.0.1", 7000), "charla:3"),
            ("redis://[::1]:7000/", at("::1", 7000), "charla:0"),
            ("redis://[::1]?prefix=staging", at("::1", 6379), "staging"),
        ];
        for (text, place, prefix) in rows {
            let settings: RedisSettings = text.parse().unwrap();
            assert_eq!((settings.kind, settings.places), (Kind::Alone, vec![place]), "{text}");
            assert_eq!(
                (settings.prefix.as_str(), settings.login, settings.tls.is_none()),
                (prefix, None, true)
            );
        }
    }

    #[test]
    fn several_servers() {
        let both = vec![at("a", 7000), at("b", 6379)];
        let settings: RedisSettings = "redis-cluster://a:7000,b/".parse().unwrap();
        assert_eq!((settings.kind, settings.places), (Kind::Cluster, both));
        let settings: RedisSettings = "rediss-sentinel://:p@a:7000,b/main".parse().unwrap();
        assert_eq!(settings.kind, Kind::Sentinel { service: "main".to_owned() });
        assert_eq!(settings.places, [at("a", 7000), at("b", 26_379)]);
        assert!(settings.tls.is_some());
    }

    #[test]
    fn whoever_signs_in_is_not_shown() {
        let settings: RedisSettings = "rediss://me%40here:s%3Aec@ret@localhost".parse().unwrap();
        let login = settings.login.clone().unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("me@here", "s:ec@ret"));
        assert!(!format!("{settings:?} {login:?}").contains("ret"));
        let settings: RedisSettings = "redis://:secret@localhost".parse().unwrap();
        assert_eq!(settings.login.unwrap().user, "default");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in [
            "",
            "localhost:6379",
            "http://localhost",
            "redisx://localhost",
            "redis://",
            "redis://a,b",
            "redis://localhost:port",
            "redis://localhost:0",
            "redis://localhost/main",
            "redis://user@localhost",
            "redis://user:@localhost",
            "redis://localhost?ca=/etc/own.pem",
            "redis://localhost?other=1",
            "redis://localhost?prefix={x}",
            "redis://local host",
            "redis-sentinel://localhost",
            "redis-cluster://localhost/0",
            "redis-cluster://a,,b",
        ] {
            assert_eq!(text.parse::<RedisSettings>().unwrap_err(), REMEDY, "{text}");
        }
        let error = "rediss://:hunter2@localhost?ca=/no/such/file".parse::<RedisSettings>().unwrap_err();
        assert!(error.contains("/no/such/file") && !error.contains("hunter2"), "{error}");
    }
}
