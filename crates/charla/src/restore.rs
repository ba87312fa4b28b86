//! `charla restore`.

use std::path::PathBuf;

use charla_server::{Config, config::Flags};

use crate::bar::Bar;

/// Brings a backup back into an empty database and an empty storage, of whichever kind.
///
/// The backup is checked as a whole before anything is written. Until all is there, no server runs on the database; a restore that
/// was interrupted is begun anew by running it again.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The file that `charla backup` has written.
    from: PathBuf,
    /// Only checks the backup.
    #[arg(long)]
    dry_run: bool,
    /// Goes on though others are connected to the database.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Restore {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut bar = Bar::new();
        if self.dry_run {
            let (rows, files) = charla_keep::check(&self.from, &mut |progress| bar.show(progress)).await?;
            bar.end();
            println!("The backup is whole: {rows} rows and {files} files.");
            return Ok(());
        }
        let config = Config::load(&self.flags)?;
        let restored =
            charla_keep::restore(&config, &self.from, self.force, &mut |progress| bar.show(progress)).await?;
        bar.end();
        println!("Restored: {} rows and {} files.", restored.rows, restored.files);
        if restored.has_other_key {
            println!(
                "SECRET_KEY is set to another key than the one in the backup: everybody has to sign in anew."
            );
        }
        Ok(())
    }
}
