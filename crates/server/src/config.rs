//! The settings of a server.

use std::{net::SocketAddr, path::PathBuf};

use charla_protocol::users::DirectMessages;
use ipnet::IpNet;

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    #[default]
    Open,
    Invite,
    Closed,
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: String,
    pub auto_migrate: bool,
    pub redis_url: Option<String>,
    pub storage_url: String,
    /// Where the server keeps what it makes itself: the secret key, the default database and media.
    pub data_dir: PathBuf,
    pub secret_key: Secret,
    /// Host names without port; `*` allows all, `.example.org` all below it.
    pub allowed_hosts: Vec<String>,
    /// Origins such as `https://chat.example.org`.
    pub allowed_origins: Vec<String>,
    pub registration: Registration,
    pub direct_messages: DirectMessages,
    pub debug: bool,
    pub rate_limits: bool,
    /// Bytes.
    pub max_upload_size: u64,
    pub trusted_proxies: Vec<IpNet>,
    pub metrics_bind: Option<SocketAddr>,
    pub smtp_url: Option<String>,
    pub bind: SocketAddr,
}

/// What must not be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
