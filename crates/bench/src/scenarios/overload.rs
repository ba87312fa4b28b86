//! Ten times the load that can be taken: nothing is lost in silence, memory stays bounded, and who talks elsewhere hardly notices.

mod flood;

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};

use super::{Stage, durable::Door};
use crate::{
    load::{Tally, Template},
    machine::Memory,
    paced,
    report::{Report, Target},
    server::Server,
    stats::{float, percentile_ms},
    wire::Wire,
};

/// So many times what the server takes.
const TIMES: f64 = 10.0;
/// As many sends of a socket as the server has under way at a time: more than that no load can get out of it.
const WINDOW: usize = 64;
/// Between two sends in the other room.
const PROBE_EVERY: Duration = Duration::from_millis(20);
const UNLOADED: Duration = Duration::from_secs(5);
/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(250);
const ELSEWHERE: &str = "overload: send → ack in another room, p99";
const SILENT: &str = "overload: gaps without a resync or a close";
const LOST: &str = "overload: sends without an answer";

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    let duration = Duration::from_secs(stage.options.overload);
    let sample = Door::WebSocket.measure(stage, server, WINDOW).await?;
    let capacity = sample.cost.rate(sample.acked);
    let calm = percentile_ms(&join(probe(stage, UNLOADED.min(duration))?).await?, 99);
    let before = Memory::of(server.pid)?.resident;
    let flood = flood::open(stage).await?;
    let probe = probe(stage, duration)?;
    let begin = Instant::now();
    let flooding = tokio::spawn(flood.run(TIMES * capacity, duration));
    let mut most = before;
    while begin.elapsed() < duration {
        tokio::time::sleep(LOOK).await;
        most = most.max(Memory::of(server.pid)?.resident);
    }
    let loaded = percentile_ms(&join(probe).await?, 99);
    let found = flooding.await??;
    most = most.max(Memory::of(server.pid)?.resident);
    let silent = found.silent_gaps + flood::behind(stage, &found).await?;

    report.add("overload: what can be taken", "/s", capacity);
    report.add("overload: offered", "/s", TIMES * capacity);
    report.add("overload: taken by sockets", "/s", float(found.written) / duration.as_secs_f64());
    report.add(
        "overload: taken and acknowledged in the end",
        "/s",
        float(found.acked) / duration.as_secs_f64(),
    );
    report.add("overload: refused with an error", "", float(found.refused));
    report.add("overload: sockets closed by the server", "", float(found.closed));
    report.add("overload: gaps with a resync", "", float(found.told_gaps));
    report.add(SILENT, "", float(silent));
    report.add(LOST, "", float(found.unanswered));
    report.add("overload: memory before, resident", "MB", before / 1e3);
    report.add("overload: memory at most, resident", "MB", most / 1e3);
    report.add("another room, unloaded: send → ack, p99", "ms", calm);
    report.add_against(ELSEWHERE, "ms", loaded, calm, "unloaded");
    report.aim(SILENT, Target::AtMost(0.0));
    report.aim(LOST, Target::AtMost(0.0));
    report.aim(ELSEWHERE, Target::RatioAtMost(3.0));
    report.note(format!(
        "overload: {} s, {} sockets, every tenth listener stops reading meanwhile",
        duration.as_secs(),
        found.sockets
    ));
    Ok(())
}

type Probe = thread::JoinHandle<Result<Vec<Duration>>>;

/// The last pair talks at a slow pace, in a thread of its own: what the flood's tasks take of the load's processor is the
/// kernel's to share out.
fn probe(stage: &Stage<'_>, duration: Duration) -> Result<Probe> {
    let address = stage.site.address;
    let room = *stage.people.pairs.last().context("a pair")?;
    let access = stage.people.accounts[stage.people.accounts.len() - 2].access.clone();
    Ok(thread::Builder::new().name("probe".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let wire = Wire::open(address, &access).await?;
            let tally = Tally::new();
            let sending = tokio::spawn(paced::send(
                wire,
                Template::new(room),
                Instant::now(),
                PROBE_EVERY,
                tally.clone(),
            ));
            tokio::time::sleep(duration).await;
            tally.stop();
            sending.await?
        })
    })?)
}

async fn join(probe: Probe) -> Result<Vec<Duration>> {
    let ended = tokio::task::spawn_blocking(move || probe.join()).await?;
    let times = ended.map_err(|_| anyhow!("the probe panicked"))??;
    ensure!(!times.is_empty(), "the probe sent nothing");
    Ok(times)
}
