//! The `charla` command: one file a subcommand.

mod changepassword;
mod createsuperuser;
mod doctor;
mod import;
mod logging;
mod migrate;
mod openapi;
mod password;
mod reindex;
mod serve;

use std::process::ExitCode;

/// Gives memory back: each hash of a password takes 19 MiB for a moment, which the system's allocator keeps for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use clap::{Parser, Subcommand};

/// Self-hosted real-time chat.
#[derive(Debug, Parser)]
#[command(name = "charla", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Createsuperuser(createsuperuser::CreateSuperuser),
    Changepassword(changepassword::ChangePassword),
    Reindex(reindex::Reindex),
    Doctor(doctor::Doctor),
    Import(import::Import),
    Openapi(openapi::OpenApi),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("charla: {}", in_one_line(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and what caused it. Some errors have their cause in their own text: it is said once.
fn in_one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.ends_with(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

fn run(command: Command) -> anyhow::Result<()> {
    logging::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = match command {
        Command::Serve(command) => runtime.block_on(command.run()),
        Command::Migrate(command) => runtime.block_on(command.run()),
        Command::Createsuperuser(command) => runtime.block_on(command.run()),
        Command::Changepassword(command) => runtime.block_on(command.run()),
        Command::Reindex(command) => runtime.block_on(command.run()),
        Command::Doctor(command) => runtime.block_on(command.run()),
        Command::Import(command) => runtime.block_on(command.run()),
        Command::Openapi(command) => command.run(),
    };
    // What is still being computed, such as a picture, is for nobody any more.
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::in_one_line;

    #[test]
    fn a_cause_is_said_once() {
        let refused = || anyhow!("refused");
        let plain: anyhow::Result<()> = Err(refused()).context("no connection").context("SETTING: look here");
        assert_eq!(in_one_line(&plain.unwrap_err()), "SETTING: look here: no connection: refused");
        let told: anyhow::Result<()> = Err(refused()).context("no connection: refused");
        assert_eq!(in_one_line(&told.unwrap_err()), "no connection: refused");
    }
}
