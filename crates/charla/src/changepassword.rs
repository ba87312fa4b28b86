//! `charla changepassword`.

use charla_server::{Config, admin, config::Flags};

use crate::password::{self, Source};

/// Sets an account's password, and signs all of its devices out. The server may be running.
#[derive(Debug, clap::Args)]
pub(crate) struct ChangePassword {
    /// Username or e-mail address.
    username: String,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    flags: Flags,
}

impl ChangePassword {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let ask = || password::read(&self.source);
        let ended = admin::change_password(&config, &self.username, ask).await?;
        println!("The password of {} is changed; sessions ended: {ended}", self.username);
        Ok(())
    }
}
