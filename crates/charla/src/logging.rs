//! The log, on standard error: what commands print on standard output stays usable by other programs.

use std::io::{IsTerminal, stderr};

use anyhow::bail;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// What is logged where `RUST_LOG` does not say.
const DEFAULT_LEVELS: &str = "info,sqlx=warn,sea_orm_migration=warn";

/// Shown below the help of `serve`.
pub(crate) const HELP: &str = "\
Logging, by the environment alone:
  RUST_LOG     levels, such as debug or charla_server=trace [default: info]
  LOG_FORMAT   text or json [default: text]";

/// Starts logging: `LOG_FORMAT` is `text` or `json`, `RUST_LOG` says how much.
///
/// # Errors
/// Values that mean nothing.
pub(crate) fn start() -> anyhow::Result<()> {
    let levels = match std::env::var("RUST_LOG") {
        Ok(levels) if !levels.is_empty() => levels,
        _ => DEFAULT_LEVELS.to_owned(),
    };
    let Ok(filter) = EnvFilter::try_new(&levels) else {
        bail!(
            "RUST_LOG: {levels:?} in the environment: write levels such as info or charla_server=debug,warn"
        )
    };
    let log = tracing_subscriber::registry().with(filter);
    let format = std::env::var("LOG_FORMAT").unwrap_or_default();
    match format.as_str() {
        "" | "text" => log.with(fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal())).init(),
        "json" => log.with(fmt::layer().json().with_writer(stderr)).init(),
        _ => bail!("LOG_FORMAT: {format:?} in the environment: write text or json"),
    }
    Ok(())
}
