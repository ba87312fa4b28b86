//! Makes settings of the values that were gathered, and says all that is wrong with them at once.

use std::path::PathBuf;

use super::{
    Config, Secret, TlsFiles,
    errors::{Errors, Problem},
    parse,
    settings::Setting,
    smtp,
    sources::Values,
};

/// The secret key is left empty where none was given: it is kept in the data folder.
pub(super) fn check(values: &Values) -> Result<Config, Errors> {
    let mut reader = Reader { values, problems: Vec::new() };
    let config = read(&mut reader);
    match config {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(Errors(reader.problems)),
    }
}

/// Reads every setting before it gives up, so that all problems are found.
fn read(reader: &mut Reader<'_>) -> Option<Config> {
    let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or("data").to_owned());
    let database_url = reader.optional("DATABASE_URL", parse::database_url);
    let auto_migrate = reader.required("AUTO_MIGRATE", parse::switch);
    let redis = reader.optional("REDIS_URL", parse::redis_url);
    let storage_url = reader.optional("STORAGE_URL", parse::storage_url);
    let secret_key = reader.optional("SECRET_KEY", parse::secret_key);
    let previous_secret_key = reader.optional("PREVIOUS_SECRET_KEY", parse::secret_key);
    let allowed_hosts = reader.required("ALLOWED_HOSTS", parse::hosts);
    let allowed_origins = reader.required("ALLOWED_ORIGINS", parse::origins);
    let registration = reader.required("REGISTRATION", parse::registration);
    let direct_messages = reader.required("DIRECT_MESSAGES", parse::direct_messages);
    let debug = reader.required("DEBUG", parse::switch);
    let websocket_compression = reader.required("WEBSOCKET_COMPRESSION", parse::switch);
    let rate_limits = reader.required("RATE_LIMITS", parse::switch);
    let max_upload_size = reader.required("MAX_UPLOAD_SIZE", parse::size);
    let trusted_proxies = reader.required("TRUSTED_PROXIES", parse::networks);
    let metrics_bind = reader.optional("METRICS_BIND", parse::address);
    let smtp_url = reader.optional("SMTP_URL", smtp::smtp_url);
    let bind = reader.required("BIND", parse::address);
    let public_url = reader.optional("PUBLIC_URL", parse::public_url);
    let mail_from = reader.optional("MAIL_FROM", smtp::mail_from);
    let require_verified_email = reader.required("REQUIRE_VERIFIED_EMAIL", parse::switch);
    let require_staff_two_factor = reader.required("REQUIRE_STAFF_TWO_FACTOR", parse::switch);
    if require_verified_email == Some(true) && smtp_url == Some(None) && debug == Some(false) {
        reader.add(
            "REQUIRE_VERIFIED_EMAIL",
            "true",
            "nobody could verify anything without mail: set SMTP_URL too",
        );
    }
    let is_sqlite = |url: &Option<String>| url.as_deref().is_none_or(|url| parse::sqlite_path(url).is_some());
    if matches!(redis, Some(Some(_))) && database_url.as_ref().is_some_and(is_sqlite) {
        reader.add(
            "REDIS_URL",
            "",
            "several nodes need a database that all of them reach: set DATABASE_URL to postgres://… or mysql://… too",
        );
    }
    let bind = bind?;
    if let Some(Some(metrics)) = metrics_bind
        && metrics == bind
        && metrics.port() != 0
    {
        let text = metrics.to_string();
        reader.add("METRICS_BIND", &text, "people reach BIND: give the metrics an address of their own");
    }
    let tls = reader.tls();
    let public_url = public_url?.unwrap_or_else(|| parse::local_url(bind, tls.is_some()));
    Some(Config {
        given: reader.values.keys().copied().collect(),
        database_url: database_url?.unwrap_or_else(|| parse::sqlite_url(&data_dir.join("charla.db"))),
        auto_migrate: auto_migrate?,
        redis: redis?,
        storage_url: storage_url?.unwrap_or_else(|| format!("file://{}", data_dir.join("media").display())),
        data_dir,
        secret_key: secret_key?.unwrap_or(Secret(Vec::new())),
        previous_secret_key: previous_secret_key?,
        allowed_hosts: allowed_hosts?,
        allowed_origins: allowed_origins?,
        registration: registration?,
        direct_messages: direct_messages?,
        debug: debug?,
        rate_limits: rate_limits?,
        websocket_compression: websocket_compression?,
        max_upload_size: max_upload_size?,
        trusted_proxies: trusted_proxies?,
        metrics_bind: metrics_bind?,
        smtp: smtp_url?,
        mail_from: mail_from?.unwrap_or_else(|| smtp::default_from(&public_url)),
        require_verified_email: require_verified_email?,
        require_staff_two_factor: require_staff_two_factor?,
        bind,
        tls,
        public_url,
    })
}

struct Reader<'a> {
    values: &'a Values,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).map(|(value, _)| value.trim())
    }

    /// The value or its default; `None` where it is wrong.
    fn required<T>(&mut self, name: &'static str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let default = Setting::named(name).map_or("", |setting| setting.default);
        let text = self.text(name).unwrap_or(default);
        parse(text).map_err(|wrong| self.add(name, text, &wrong)).ok()
    }

    /// The value if there is one; `None` where it is wrong.
    fn optional<T>(&mut self, name: &'static str, parse: fn(&str) -> Result<T, String>) -> Option<Option<T>> {
        let Some(text) = self.text(name) else { return Some(None) };
        parse(text).map(Some).map_err(|wrong| self.add(name, text, &wrong)).ok()
    }

    /// One file is of no use without the other.
    fn tls(&mut self) -> Option<TlsFiles> {
        let file = |name| self.text(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        match (file("TLS_CERTIFICATE"), file("TLS_KEY")) {
            (Some(certificate), Some(key)) => return Some(TlsFiles { certificate, key }),
            (Some(_), None) => {
                self.add("TLS_KEY", "", "a certificate needs its private key: name the file of it")
            }
            (None, Some(_)) => {
                self.add("TLS_CERTIFICATE", "", "a key needs its certificate: name the file of it")
            }
            (None, None) => {}
        }
        None
    }

    fn add(&mut self, name: &'static str, value: &str, wrong: &str) {
        let is_secret = Setting::named(name).is_none_or(|setting| setting.is_secret);
        let value = if is_secret { "the value".to_owned() } else { format!("{value:?}") };
        let source = self.values.get(name).map(|(_, source)| format!(" {source}")).unwrap_or_default();
        self.problems.push(Problem::new(name, format!("{value}{source}: {wrong}")));
    }
}
