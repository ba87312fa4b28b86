//! The settings of a server. In rising precedence: defaults, `charla.toml`, `.env`, the environment, flags.

mod check;
mod errors;
mod folders;
mod parse;
mod settings;
mod smtp;
mod sources;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, net::SocketAddr, path::PathBuf};

use charla_broker::RedisSettings;
use charla_protocol::{auth::Registration, users::DirectMessages};
use ipnet::IpNet;
use lettre::message::Mailbox;

pub use errors::{Errors, Problem};
pub use settings::{Flags, SETTINGS, Setting};
pub use smtp::{Security, Smtp};

/// Checks an address of a database that stands where `name` says, as it checks `DATABASE_URL`.
///
/// # Errors
/// What is wrong with it, without the address, which may hold a password.
pub fn database_url(name: &str, text: &str) -> Result<String, Errors> {
    parse::database_url(text.trim()).map_err(|wrong| Problem::new(name, format!("the value: {wrong}")).into())
}

/// The file of a SQLite database.
pub fn database_file(url: &str) -> Option<PathBuf> {
    parse::sqlite_path(url).map(PathBuf::from)
}

/// Makes the file of a SQLite database, and its folder, where they are not there.
///
/// # Errors
/// Those of the disk, under the name of the setting.
pub fn make_database(name: &str, url: &str) -> Result<(), Errors> {
    database_file(url).map_or(Ok(()), |path| folders::make_database(name, &path))
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Names of what was set, and is no default.
    pub given: BTreeSet<&'static str>,
    pub database_url: String,
    pub auto_migrate: bool,
    /// The channel layer of several nodes.
    pub redis: Option<RedisSettings>,
    pub storage_url: String,
    /// Where the server keeps what it makes itself: the secret key, the default database and media.
    pub data_dir: PathBuf,
    pub secret_key: Secret,
    /// The key before: what it has signed and sealed is still good.
    pub previous_secret_key: Option<Secret>,
    /// Host names without port, in lower case, IPv6 addresses in brackets; `*` allows all, `.example.org` that and all below it.
    pub allowed_hosts: Vec<String>,
    /// Origins such as `https://chat.example.org`; `http://localhost:*` stands for any port.
    pub allowed_origins: Vec<String>,
    pub registration: Registration,
    pub direct_messages: DirectMessages,
    pub debug: bool,
    pub rate_limits: bool,
    /// Whether `permessage-deflate` is taken where it is offered.
    pub websocket_compression: bool,
    /// Bytes.
    pub max_upload_size: u64,
    pub trusted_proxies: Vec<IpNet>,
    pub metrics_bind: Option<SocketAddr>,
    /// Where mails are given to be sent on.
    pub smtp: Option<Smtp>,
    /// Whom mails are from.
    pub mail_from: Mailbox,
    /// Whether an account is of use only once its e-mail address is verified.
    pub require_verified_email: bool,
    /// Whether staff need a second factor.
    pub require_staff_two_factor: bool,
    pub bind: SocketAddr,
    /// The files of the certificate, where connections come by TLS.
    pub tls: Option<TlsFiles>,
    /// Where people reach the server, such as `https://chat.example.org`: links in mails and invites begin with it.
    pub public_url: String,
}

/// A certificate with its chain, and its private key, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Config {
    /// The defaults, with a key that everybody knows and no limits on rates: for tests alone.
    ///
    /// # Panics
    /// Never: the defaults are in order, as a test sees to.
    pub fn for_tests() -> Self {
        let mut config = check::check(&std::collections::BTreeMap::new()).expect("the defaults are in order");
        config.secret_key = Secret(vec![7; 32]);
        config.rate_limits = false;
        config
    }

    /// The name of the server, with its port where that is none of the usual ones.
    pub fn public_host(&self) -> &str {
        self.public_url.split_once("://").map_or(&self.public_url, |(_, host)| host)
    }

    /// Whether the secret key is the one in the data folder, where the server keeps it if nobody sets one.
    pub fn keeps_its_key(&self) -> bool {
        let kept = std::fs::read_to_string(folders::secret_key_path(&self.data_dir)).unwrap_or_default();
        kept.trim().as_bytes() == self.secret_key.0
    }

    /// Puts a secret key in the place of the one in the data folder.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put_key(&self, key: &[u8]) -> std::io::Result<()> {
        folders::put_secret_key(&self.data_dir, key)
    }

    /// Gathers and checks the settings, makes the data folder and the database's, and the secret key where there is none yet.
    ///
    /// # Errors
    /// All that is wrong, each with its remedy.
    pub fn load(flags: &Flags) -> Result<Self, Errors> {
        let mut config = Self::examine(flags)?;
        folders::prepare(&mut config)?;
        Ok(config)
    }

    /// Gathers and checks the settings, and makes nothing: the secret key is empty where none was given.
    ///
    /// # Errors
    /// All that is wrong, each with its remedy.
    pub fn examine(flags: &Flags) -> Result<Self, Errors> {
        let values = sources::gather(flags, &|name| std::env::var_os(name), std::path::Path::new("."))?;
        check::check(&values)
    }

    /// The file of a SQLite database.
    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        parse::sqlite_path(&self.database_url).map(PathBuf::from)
    }

    /// The folders in which the server writes, each with the setting that names it.
    pub(crate) fn folders(&self) -> Vec<(&'static str, PathBuf)> {
        let database = self.sqlite_file().map(|file| match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        });
        let media = self.storage_url.strip_prefix("file://").map(PathBuf::from);
        let folders =
            [("DATA_DIR", Some(self.data_dir.clone())), ("DATABASE_URL", database), ("STORAGE_URL", media)];
        folders.into_iter().filter_map(|(setting, folder)| Some((setting, folder?))).collect()
    }

    /// Whether mails go anywhere.
    pub fn sends_mail(&self) -> bool {
        self.debug || self.smtp.is_some()
    }

    /// Says in the log what is allowed but worth a second look.
    pub fn warn(&self) {
        for warning in self.warnings() {
            tracing::warn!("{warning}");
        }
        if self.debug {
            tracing::info!("DEBUG is on: mails go to the log");
        } else if self.smtp.is_none() {
            tracing::info!("SMTP_URL is not set: no mail is sent");
        }
    }

    /// What is allowed but worth a second look.
    pub(crate) fn warnings(&self) -> Vec<&'static str> {
        let is_folder = self.storage_url.starts_with("file:");
        let rows = [
            (
                self.redis.is_some() && is_folder,
                "REDIS_URL joins several nodes, and STORAGE_URL is a folder: all of them must have the same one, and one SECRET_KEY",
            ),
            (
                self.debug && !self.bind.ip().is_loopback(),
                "DEBUG is on, and BIND lets other machines connect: the log will hold mails with their links",
            ),
            (!self.rate_limits, "RATE_LIMITS is off: anybody may try passwords as fast as they can"),
            (
                self.allowed_hosts.iter().any(|host| host == "*"),
                "ALLOWED_HOSTS=* answers under any name: pages of other sites may reach this server by a name of theirs",
            ),
        ];
        rows.into_iter().filter(|(applies, _)| *applies).map(|(_, text)| text).collect()
    }
}
