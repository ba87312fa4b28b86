//! `charla backup`.

use std::path::PathBuf;

use charla_server::{Config, clock::SystemClock, config::Flags};

use crate::bar::Bar;

/// Writes all that the server holds into one file, while the server runs.
///
/// The file has password hashes, e-mail addresses and, where the server keeps its own, the secret key: only you can read it.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// The file to write; or a folder, which gets a file named after the time.
    to: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

impl Backup {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let mut bar = Bar::new();
        let made =
            charla_keep::backup(&config, &SystemClock, &self.to, &mut |progress| bar.show(progress)).await?;
        bar.end();
        let (path, rows, files) = (made.path.display(), made.rows, made.files);
        println!("{path}: {rows} rows and {files} files in {} bytes", made.size);
        if made.missing > 0 {
            println!("Files that the storage no longer had, and that are not in it: {}", made.missing);
        }
        Ok(())
    }
}
