//! `charla export`.

use std::path::PathBuf;

use charla_server::{Config, clock::SystemClock, config::Flags};

use crate::bar::Bar;

/// Writes what the server holds as readable files, a ZIP archive of JSON. Nothing can be restored from it: see `backup`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The file to write; or a folder, which gets a file named after the time.
    to: PathBuf,
    /// Only what this account holds, by username or e-mail address.
    #[arg(long)]
    user: Option<String>,
    #[command(flatten)]
    flags: Flags,
}

impl Export {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        if let Some(user) = self.user {
            let path = charla_keep::export_account(config, &SystemClock, &user, &self.to).await?;
            println!("{}: what {user} holds", path.display());
            return Ok(());
        }
        let mut bar = Bar::new();
        let done =
            charla_keep::export(&config, &SystemClock, &self.to, &mut |progress| bar.show(progress)).await?;
        bar.end();
        println!(
            "{}: {} people, {} rooms, {} messages, {} files",
            done.path.display(),
            done.people,
            done.rooms,
            done.messages,
            done.files
        );
        Ok(())
    }
}
