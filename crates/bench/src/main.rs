//! `charla-bench`: what this server does, beside what this machine could do at most, measured in one run.
//!
//! Three processes: the server (the real binary) on one core, this program as the load on the other, and for the
//! sockets' baseline a writer on the server's core. All traffic stays on loopback.

mod corpus;
mod http;
mod load;
mod machine;
mod options;
mod people;
mod raw;
mod report;
mod scenarios;
mod server;
mod stats;
mod wire;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use crate::{
    machine::Cores,
    options::{Mode, Options},
    report::Report,
};

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("charla-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let cores = Cores::available()?;
    machine::allow_open_files(options.open_files())?;
    if !matches!(options.mode, Some(Mode::RawWriter)) {
        // Threads that are started from here on stay on this core, too.
        cores.pin_load()?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match options.mode {
            Some(Mode::RawWriter) => raw::writer::run().await,
            None => measure(options, cores).await,
        }
    })
}

async fn measure(options: &Options, cores: Cores) -> Result<()> {
    let mut report = Report::begin(cores)?;
    tokio::time::timeout(options.time_limit(), scenarios::run(options, cores, &mut report))
        .await
        .with_context(|| format!("not done within {:?}", options.time_limit()))??;
    report.finish()?;
    print!("{report}");
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    Ok(())
}
