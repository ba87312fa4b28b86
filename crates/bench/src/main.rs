//! `charla-bench`: what this server does, beside what this machine could do at most, measured in one run.
//!
//! Three processes: the server (the real binary) on one core, this program as the load on the other, and for the baselines a
//! writer and an HTTP server on the server's core. All traffic stays on loopback.

mod corpus;
mod crowd;
mod databases;
mod http;
mod load;
mod machine;
mod options;
mod paced;
mod people;
mod quiet;
mod raw;
mod report;
mod scenarios;
mod seed;
mod server;
mod stats;
mod wire;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};

use crate::{
    machine::Cores,
    options::{Mode, Options},
    report::Report,
};

/// Far more than a run takes: nothing may hang for ever.
const TIME_LIMIT: Duration = Duration::from_secs(4 * 3_600);

fn main() -> ExitCode {
    match run(&Options::chosen()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("charla-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    if let Some(Mode::Page { files, into }) = &options.mode {
        return write_page(files, into);
    }
    let cores = Cores::available()?;
    machine::allow_open_files(options.open_files())?;
    if options.mode.is_none() {
        // Threads that are started from here on stay on this core, too.
        cores.pin_load()?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match options.mode {
            Some(Mode::RawWriter) => raw::writer::run(),
            Some(Mode::RawHttp) => raw::http::run().await,
            _ => measure(options, cores).await,
        }
    })
}

async fn measure(options: &Options, cores: Cores) -> Result<()> {
    let mut report = Report::begin(cores)?;
    let done = tokio::time::timeout(TIME_LIMIT, scenarios::run(options, cores, &mut report)).await;
    report.finish(cores)?;
    print!("{report}");
    // What was measured before something failed is told, and kept for nobody.
    done.with_context(|| format!("not done within {TIME_LIMIT:?}"))??;
    if let Some(path) = &options.json {
        report.write_json(path)?;
    }
    if let Some(folder) = &options.write {
        report::write_page(&report, folder)?;
    }
    Ok(())
}

fn write_page(files: &[PathBuf], folder: &std::path::Path) -> Result<()> {
    let mut reports = files.iter().map(|file| Report::read_json(file));
    let mut whole = reports.next().context("no files")??;
    for report in reports {
        whole.take(report?);
    }
    report::write_page(&whole, folder)
}
