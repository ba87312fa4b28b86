//! The table of settings, and the flags made of it.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Arg, ArgMatches, Command, builder::PathBufValueParser};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// As the environment names it; in `charla.toml` it is in lower case.
    pub name: &'static str,
    /// As the command line names it, without the two hyphens.
    pub flag: &'static str,
    /// What stands for it when nobody sets it; empty for nothing.
    pub default: &'static str,
    pub help: &'static str,
    /// May hold a password or key: never shown.
    pub is_secret: bool,
}

const fn setting(
    name: &'static str,
    flag: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, flag, default, help, is_secret: false }
}

const fn secret(
    name: &'static str,
    flag: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, flag, default, help, is_secret: true }
}

/// Every setting there is.
pub const SETTINGS: [Setting; 25] = [
    setting("BIND", "bind", "127.0.0.1:8000", "Address to listen on"),
    setting(
        "TLS_CERTIFICATE",
        "tls-certificate",
        "",
        "File of a certificate and its chain, in PEM: BIND is reached by https:// then. Read anew when it changes",
    ),
    setting("TLS_KEY", "tls-key", "", "File of the certificate's private key, in PEM"),
    setting(
        "PUBLIC_URL",
        "public-url",
        "http://<BIND>",
        "Where people reach the server, such as https://chat.example.org: links in mails and invites begin with it",
    ),
    setting(
        "DATA_DIR",
        "data-dir",
        "data",
        "Folder of what the server makes itself: secret key, database, media",
    ),
    secret(
        "DATABASE_URL",
        "database-url",
        "sqlite://<DATA_DIR>/charla.db",
        "sqlite://path, postgres://… or mysql://…",
    ),
    setting("AUTO_MIGRATE", "auto-migrate", "true", "Whether `serve` applies migrations first"),
    secret(
        "SECRET_KEY",
        "secret-key",
        "made once, kept in <DATA_DIR>/secret_key",
        "At least 32 random characters; signs the tokens",
    ),
    secret(
        "PREVIOUS_SECRET_KEY",
        "previous-secret-key",
        "none",
        "The SECRET_KEY before this one, until its sessions have been used once more: 30 days",
    ),
    setting(
        "ALLOWED_HOSTS",
        "allowed-hosts",
        "localhost,127.0.0.1,[::1]",
        "Names the server answers under; .example.org for all below, * for any",
    ),
    setting(
        "ALLOWED_ORIGINS",
        "allowed-origins",
        "http://localhost:*,http://127.0.0.1:*,http://[::1]:*",
        "Other sites whose pages may call, such as https://chat.example.org",
    ),
    setting(
        "TRUSTED_PROXIES",
        "trusted-proxies",
        "",
        "Networks whose X-Forwarded-For and X-Forwarded-Proto count, such as 10.0.0.0/8",
    ),
    setting(
        "REGISTRATION",
        "registration",
        "open",
        "Who may make an account: open; invite (who has one, of a room or an administrator's); closed",
    ),
    setting(
        "DIRECT_MESSAGES",
        "direct-messages",
        "everyone",
        "From whom new accounts take direct messages, and the most they may allow: everyone, friends",
    ),
    setting(
        "RATE_LIMITS",
        "rate-limits",
        "on",
        "Whether sign-ins, sign-ups and the like are limited: on, off",
    ),
    setting(
        "WEBSOCKET_COMPRESSION",
        "websocket-compression",
        "on",
        "Whether events are compressed for clients that take that: on, off",
    ),
    setting(
        "MAX_UPLOAD_SIZE",
        "max-upload-size",
        "25 MiB",
        "Largest file to upload: bytes, or with KiB, MiB, GiB",
    ),
    secret(
        "STORAGE_URL",
        "storage-url",
        "file://<DATA_DIR>/media",
        "Where files are kept: file://path or s3://key:secret@bucket/prefix?endpoint=https://…&region=…",
    ),
    secret(
        "REDIS_URL",
        "redis-url",
        "",
        "Joins several nodes: redis://…, redis-sentinel://host,host/service, redis-cluster://host,host; rediss… for TLS",
    ),
    secret("SMTP_URL", "smtp-url", "", "Mail server: smtp://… or smtps://…"),
    setting(
        "MAIL_FROM",
        "mail-from",
        "Charla <no-reply@ the host of PUBLIC_URL>",
        "Whom mails are from: an address, or a name and an address in < >",
    ),
    setting(
        "REQUIRE_VERIFIED_EMAIL",
        "require-verified-email",
        "false",
        "Whether an account is of use only once its e-mail address is verified",
    ),
    setting(
        "REQUIRE_STAFF_TWO_FACTOR",
        "require-staff-two-factor",
        "false",
        "Whether an account of staff is of use only once signing in to it takes a code beside the password",
    ),
    setting(
        "METRICS_BIND",
        "metrics-bind",
        "",
        "Address of /metrics, for Prometheus alone, such as 127.0.0.1:9464",
    ),
    setting("DEBUG", "debug", "false", "For development: mails go to the log, links and all"),
];

impl Setting {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// As it stands in `charla.toml`.
    pub fn key(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    fn full_help(&self) -> String {
        match self.default {
            "" => format!("{} [env: {}]", self.help, self.name),
            default => format!("{} [env: {}] [default: {default}]", self.help, self.name),
        }
    }
}

/// What was said on the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The file to read in place of `charla.toml`.
    pub config: Option<PathBuf>,
    /// Values by name of the setting.
    pub given: BTreeMap<&'static str, String>,
}

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(PathBufValueParser::new())
            .help("File of settings, with names in lower case [default: charla.toml, where it is there]");
        SETTINGS.iter().fold(command.arg(config), |command, setting| {
            command.arg(
                Arg::new(setting.name)
                    .long(setting.flag)
                    .value_name("VALUE")
                    .help(setting.full_help())
                    .help_heading("Settings"),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            matches.get_one::<String>(setting.name).map(|value| (setting.name, value.clone()))
        });
        Ok(Self { config: matches.get_one("config").cloned(), given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
