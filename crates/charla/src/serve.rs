//! `charla serve`.

use charla_server::{Config, config::Flags};

use crate::logging;

/// Runs the server.
///
/// Settings come from flags, the environment, .env and charla.toml, in this order; where none sets one, its default holds.
#[derive(Debug, clap::Args)]
#[command(after_help = logging::HELP)]
pub(crate) struct Serve {
    #[command(flatten)]
    flags: Flags,
    /// Fill a database without accounts with a small bilingual community first.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        config.warn();
        charla_server::run(config, self.demo).await
    }
}
