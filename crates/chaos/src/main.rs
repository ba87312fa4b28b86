//! `charla-chaos`: real servers under random faults, and a checker that holds what clients were told against what is
//! there in the end.
//!
//! A run starts nodes, a database and a channel layer as processes, with a faulty proxy between each two of them. People
//! write, edit, delete, react, read and listen through all nodes, and everything they ask, are answered and see goes into
//! one history ([`charla_testing::history`]). Meanwhile the nemesis breaks things and mends them. In the end all is mended,
//! everybody has to be able to write again, every room is read from every node, and the history is checked.
//!
//! The same seed gives the same plan: which faults come when, where and for how long, and what each hand does as its nth act,
//! by which door and through which node. What is not repeatable is time: how far each hand gets between two faults, and
//! therefore which messages its acts fall on.

mod cluster;
mod forge;
mod machine;
mod measure;
mod nemesis;
mod options;
mod person;
mod probe;
mod record;
mod round;
mod run;
mod truth;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::options::{Measure, Options};

/// Sockets, databases, logs: most of it for the measurements.
const OPEN_FILES: u64 = 16_384;

fn main() -> ExitCode {
    match start(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("charla-chaos: {error:#}");
            // Not that something was found: that is 1.
            ExitCode::from(2)
        }
    }
}

/// Whether everything was as promised.
fn start(options: &Options) -> Result<bool> {
    machine::own_mounts()?;
    machine::allow_open_files(OPEN_FILES)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match &options.measure {
            None => run::run(&options.run).await,
            Some(Measure::HalfOpen) => measure::half_open::run(&options.run).await,
            Some(Measure::RedisAway { seconds }) => measure::redis_away::run(&options.run, *seconds).await,
            Some(Measure::Reconnect { sockets }) => measure::reconnect::run(&options.run, *sockets).await,
            Some(Measure::SignInAttack { seconds }) => {
                measure::sign_in_attack::run(&options.run, *seconds).await
            }
            Some(Measure::Rolling { users }) => measure::rolling::run(&options.run, *users).await,
        }
    })
}
