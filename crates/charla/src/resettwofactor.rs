//! `charla resettwofactor`.

use charla_server::{Config, admin, config::Flags};

/// Lets an account be signed in to by its password alone, for who has lost authenticator and recovery codes; signs all of its
/// devices out. The server may be running.
#[derive(Debug, clap::Args)]
pub(crate) struct ResetTwoFactor {
    /// Username or e-mail address.
    username: String,
    #[command(flatten)]
    flags: Flags,
}

impl ResetTwoFactor {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let ended = admin::reset_two_factor(&config, &self.username).await?;
        println!("{} signs in by password alone; sessions ended: {ended}", self.username);
        Ok(())
    }
}
