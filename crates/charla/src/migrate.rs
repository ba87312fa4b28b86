//! `charla migrate`.

use charla_server::{Config, admin, config::Flags};

/// Brings the database up to date. `serve` does so by itself, unless AUTO_MIGRATE is false.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    /// Only says how many migrations are pending.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Migrate {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let count = admin::migrate(&config, self.dry_run).await?;
        match (count, self.dry_run) {
            (0, _) => println!("The database is up to date."),
            (count, true) => println!("Pending migrations: {count}"),
            (count, false) => println!("Migrations applied: {count}"),
        }
        Ok(())
    }
}
