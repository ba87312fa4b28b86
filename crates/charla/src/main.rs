//! The `charla` command: one file a subcommand.

mod backup;
mod bar;
mod changepassword;
mod createsuperuser;
mod doctor;
mod export;
mod import;
mod logging;
mod migrate;
mod openapi;
mod password;
mod reindex;
mod resettwofactor;
mod restore;
mod serve;
mod transfer;

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
    Resettwofactor(resettwofactor::ResetTwoFactor),
    Reindex(reindex::Reindex),
    Doctor(doctor::Doctor),
    Import(import::Import),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Export(export::Export),
    Transfer(transfer::Transfer),
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
        Command::Resettwofactor(command) => runtime.block_on(command.run()),
        Command::Reindex(command) => runtime.block_on(command.run()),
        Command::Doctor(command) => runtime.block_on(command.run()),
        Command::Import(command) => runtime.block_on(command.run()),
        Command::Backup(command) => runtime.block_on(until_interrupted(command.run())),
        Command::Restore(command) => runtime.block_on(until_interrupted(command.run())),
        Command::Export(command) => runtime.block_on(until_interrupted(command.run())),
        Command::Transfer(command) => runtime.block_on(until_interrupted(command.run())),
        Command::Openapi(command) => command.run(),
    };
    // What is still being computed, such as a picture, is for nobody any more.
    runtime.shutdown_background();
    done
}

/// What writes files gives them up at Ctrl-C, so that nothing of them is left.
async fn until_interrupted(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::select! {
        done = work => done,
        pressed = tokio::signal::ctrl_c() => {
            pressed?;
            anyhow::bail!("interrupted")
        }
    }
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
