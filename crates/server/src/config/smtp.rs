//! How the mail server is reached, and whom mails are from.

use std::{fmt, path::PathBuf, str::FromStr};

use lettre::{Address, message::Mailbox};
use url::{Host, Url};

use super::parse::{Parsed, wrong};

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Username and password.
    pub login: Option<(String, String)>,
    /// A file with a certificate to trust beside those that everybody trusts.
    pub ca: Option<PathBuf>,
}

/// How the connection is kept from others' eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all: the server is this machine, or it was asked for.
    None,
    /// By STARTTLS, or no mail is sent.
    StartTls,
    /// From the first byte on.
    Tls,
}

/// Without the password.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.security)
    }
}

const REMEDY: &str = "write smtp://user:password@host:587 (with STARTTLS) or smtps://user:password@host:465; \
    ?tls=none sends in the clear, ?tls=starttls asks for it on this machine too, ?ca=file trusts a certificate of your own";

pub(super) fn smtp_url(text: &str) -> Parsed<Smtp> {
    text.parse()
}

/// As `SMTP_URL` has it.
impl FromStr for Smtp {
    type Err = String;

    fn from_str(text: &str) -> Parsed<Self> {
        parsed(text).map_or_else(|| wrong(REMEDY), Ok)
    }
}

fn parsed(text: &str) -> Option<Smtp> {
    let url =
        Url::parse(text).ok().filter(|url| matches!(url.path(), "" | "/") && url.fragment().is_none())?;
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    let (mut security, port) = match url.scheme() {
        "smtps" => (Security::Tls, 465),
        "smtp" if is_this_machine(&host) => (Security::None, 25),
        "smtp" => (Security::StartTls, 587),
        _ => return None,
    };
    let mut ca = None;
    for (name, value) in url.query_pairs() {
        match (&*name, &*value) {
            ("tls", "none") if security != Security::Tls => security = Security::None,
            ("tls", "starttls") if security != Security::Tls => security = Security::StartTls,
            ("ca", path) if !path.is_empty() => ca = Some(PathBuf::from(path)),
            _ => return None,
        }
    }
    let login = match (decoded(url.username())?, url.password()) {
        (name, None) if name.is_empty() => None,
        (name, Some(password)) if !name.is_empty() => Some((name, decoded(password)?)),
        _ => return None,
    };
    let host = host.trim_matches(['[', ']']).to_owned();
    Some(Smtp { host, port: url.port().unwrap_or(port), security, login, ca })
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(ip)) => ip.is_loopback(),
        Ok(Host::Ipv6(ip)) => ip.is_loopback(),
        Err(_) => false,
    }
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_encoding::percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

pub(super) fn mail_from(text: &str) -> Parsed<Mailbox> {
    let is_plain = !text.chars().any(char::is_control);
    let mailbox = text.parse().ok().filter(|_| is_plain);
    mailbox.map_or_else(|| wrong("write an address, such as Charla <no-reply@example.org>"), Ok)
}

/// `no-reply` at the host of the public address.
pub(super) fn default_from(public_url: &str) -> Mailbox {
    let domain = match Url::parse(public_url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(Host::Domain(name)) => name,
        Some(Host::Ipv4(ip)) => format!("[{ip}]"),
        Some(Host::Ipv6(_)) | None => "localhost".to_owned(),
    };
    let address = Address::new("no-reply", domain).unwrap_or_else(|_| local_address());
    Mailbox::new(Some("Charla".to_owned()), address)
}

fn local_address() -> Address {
    Address::new("no-reply", "localhost").expect("an address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_servers() {
        let rows = [
            ("smtp://mail.example.org", "mail.example.org", 587, Security::StartTls),
            ("smtp://mail.example.org:25?tls=none", "mail.example.org", 25, Security::None),
            ("smtps://mail.example.org", "mail.example.org", 465, Security::Tls),
            ("smtp://localhost", "localhost", 25, Security::None),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::None),
            ("smtp://[::1]:2525?tls=starttls", "::1", 2525, Security::StartTls),
        ];
        for (text, host, port, security) in rows {
            let smtp = smtp_url(text).unwrap();
            assert_eq!((smtp.host.as_str(), smtp.port, smtp.security), (host, port, security), "{text}");
        }
        let smtp =
            smtp_url("smtp://me%40example.org:s%3Aecret@mail.example.org:587?ca=/etc/own.pem").unwrap();
        assert_eq!(smtp.login, Some(("me@example.org".to_owned(), "s:ecret".to_owned())));
        assert_eq!(smtp.ca, Some(PathBuf::from("/etc/own.pem")));
        assert!(!format!("{smtp:?}").contains("ecret"));
    }

    #[test]
    fn what_is_no_mail_server() {
        for text in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://user@mail.example.org",
            "smtp://:password@mail.example.org",
            "smtp://mail.example.org?tls=maybe",
            "smtps://mail.example.org?tls=none",
            "smtp://mail.example.org?other=1",
            "smtp://mail.example.org/path",
        ] {
            assert_eq!(smtp_url(text), Err(REMEDY.to_owned()), "{text}");
        }
    }

    #[test]
    fn senders() {
        let from = mail_from("Charla <no-reply@example.org>").unwrap();
        assert_eq!(
            (from.name.as_deref(), from.email.to_string().as_str()),
            (Some("Charla"), "no-reply@example.org")
        );
        assert!(mail_from("x@example.org").is_ok());
        for text in
            ["", "Charla", "a@b@c", "x@example.org\r\nBcc: y@example.org", "x@example.org, y@example.org"]
        {
            assert!(mail_from(text).is_err(), "{text}");
        }
        for (url, address) in [
            ("https://chat.example.org", "no-reply@chat.example.org"),
            ("http://127.0.0.1:8000", "no-reply@[127.0.0.1]"),
            ("http://localhost:8000", "no-reply@localhost"),
            ("http://[::1]:8000", "no-reply@localhost"),
        ] {
            assert_eq!(default_from(url).email.to_string(), address, "{url}");
        }
    }
}
