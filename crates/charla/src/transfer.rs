//! `charla transfer`.

use charla_server::clock::SystemClock;

use crate::bar::Bar;

/// Copies a database into another, empty one, of whichever kind: sqlite://path, postgres://… or mysql://…
///
/// Each table is compared on both sides. Until all is there, no server runs on the new database; a transfer that was interrupted is
/// begun anew by running it again. Files are not in the database, and stay where they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Transfer {
    /// The database as it is. It is not changed.
    #[arg(long, value_name = "URL", env = "TRANSFER_FROM", hide_env_values = true)]
    from: String,
    /// The database to be.
    #[arg(long, value_name = "URL", env = "TRANSFER_TO", hide_env_values = true)]
    to: String,
    /// Goes on though others are connected to one of them: what they write may be lost.
    #[arg(long)]
    force: bool,
}

impl Transfer {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut bar = Bar::new();
        let urls = (self.from.as_str(), self.to.as_str());
        let done =
            charla_keep::transfer(urls, self.force, &SystemClock, &mut |progress| bar.show(progress)).await?;
        bar.end();
        println!(
            "{} rows: copied at {} a second, compared at {} a second, and equal.",
            done.rows,
            a_second(done.rows, done.copying),
            a_second(done.rows, done.comparing)
        );
        Ok(())
    }
}

fn a_second(rows: u64, millis: u64) -> u64 {
    rows * 1000 / millis.max(1)
}
