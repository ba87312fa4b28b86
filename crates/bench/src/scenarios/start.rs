//! From the start to being ready on a database of many messages, what an idle server takes, and how large its program is.

use std::{fs, time::Duration};

use anyhow::{Context, Result};
use tokio::process::Command;

use crate::{
    machine::{Cores, Memory},
    options::Options,
    people::People,
    report::{Report, Target},
    seed::Seed,
    server::Site,
    stats::float,
};

const READY: &str = "from start to ready";
const IDLE: &str = "idle server, resident memory";
const BINARY: &str = "program without what debuggers need";
const SETTLE: Duration = Duration::from_secs(2);
/// Starts of one repeat.
const STARTS: usize = 4;

pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    let site = Site::make(options, cores)?;
    let server = site.start().await?;
    let people = People::invite(&site, 5).await?;
    server.stop().await?;
    let senders: Vec<_> = people.accounts.iter().map(|account| account.id).collect();
    let mut seed = Seed::open(&site.database()).await?;
    seed.messages(people.hall, &senders, options.start).await?;
    seed.close().await?;
    for _ in 0..options.repeats {
        for _ in 0..STARTS {
            let server = site.start().await?;
            report.add(READY, "ms", server.ready_after.as_secs_f64() * 1e3);
            server.stop().await?;
        }
        let server = site.start().await?;
        tokio::time::sleep(SETTLE).await;
        let memory = Memory::of(server.pid)?;
        report.add(IDLE, "MB", memory.resident / 1e3);
        report.add("idle server, anonymous memory", "MB", memory.anonymous / 1e3);
        server.stop().await?;
    }
    weigh_program(&site, report).await?;
    report.aim(READY, Target::AtMost(150.0));
    report.aim(IDLE, Target::AtMost(40.0));
    report.aim(BINARY, Target::AtMost(40.0));
    report.note(format!("start: a database of {} messages", options.start));
    Ok(())
}

async fn weigh_program(site: &Site, report: &mut Report) -> Result<()> {
    report.add("program as it is built", "MB", float(fs::metadata(site.program())?.len()) / 1e6);
    let stripped = site.path("stripped");
    let status = Command::new("strip").arg("-o").arg(&stripped).arg(site.program()).status().await;
    if status.context("no strip: binutils has it")?.success() {
        report.add(BINARY, "MB", float(fs::metadata(&stripped)?.len()) / 1e6);
    }
    Ok(())
}
