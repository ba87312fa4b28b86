//! `charla createsuperuser`.

use charla_server::{Config, admin, config::Flags};

use crate::password::{self, Source};

/// Makes an account that may do everything. The server may be running.
#[derive(Debug, clap::Args)]
pub(crate) struct CreateSuperuser {
    /// Name to sign in with.
    #[arg(long)]
    username: String,
    /// E-mail address, which serves to sign in too.
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    flags: Flags,
}

impl CreateSuperuser {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let password = password::read(&self.source)?;
        admin::create_superuser(&config, &self.username, self.email.as_deref(), &password).await?;
        println!("{} may sign in now, and do everything.", self.username);
        Ok(())
    }
}
