//! Runs a command beside throw-away PostgreSQL, MariaDB, Redis and S3 servers.

mod arguments;
mod command;

use std::{env, process::ExitCode};

use anyhow::Result;
use charla_services::Services;

use crate::{
    arguments::{Arguments, USAGE},
    command::Interrupts,
};

/// The exit status of a failure of this program itself, as `env` and `timeout` have it.
const OWN_FAILURE: u8 = 125;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("with-services: {error:#}");
            OWN_FAILURE.into()
        }
    }
}

async fn run() -> Result<u8> {
    let Some(arguments) = Arguments::parse(env::args().skip(1))? else {
        print!("{USAGE}");
        return Ok(0);
    };
    // Heard from here on, and acted upon when the servers stand: only then can they be stopped in good order.
    let interrupts = Interrupts::listen()?;
    let services = Services::start(&arguments.services, &arguments.options)?;
    command::run(&arguments.command, services.environment(), interrupts).await
}
