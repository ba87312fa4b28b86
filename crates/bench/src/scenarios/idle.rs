//! Memory of idle sockets, and what it takes to open them. A fresh server each time.

use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;

use super::Stage;
use crate::{
    load::{Meter, Tally, listen, open_all, watch},
    machine::Memory,
    report::{Report, Target},
    server::Server,
    stats::{float, median},
    wire::Wire,
};

/// Sockets that are open before anything is weighed: pools, caches and threads are there then.
const FIRST: usize = 100;
/// So that what is under way comes to rest.
const SETTLE: Duration = Duration::from_millis(500);
/// Sockets that are opened before the first of them answers a ping: all of them may take longer than the server waits for that.
const AT_A_TIME: usize = 500;
/// How often it is measured at most: each time costs a start and every handshake.
const REPEATS: usize = 3;
const OPENED: &str = "sockets opened (handshake, token, hello), per CPU s";

pub(crate) async fn run(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let mut slopes = Vec::new();
    for _ in 0..stage.options.repeats.min(REPEATS) {
        let server = stage.site.start().await?;
        slopes.push(weigh(stage, &server, report).await?);
        server.stop().await?;
    }
    report.aim(OPENED, Target::AtLeast(10_000.0));
    for size in stage.options.idle.iter().filter(|size| **size >= 10_000) {
        report.aim(&name_at(*size), Target::AtMost(2.5));
    }
    report.note(format!(
        "idle: sockets of {} accounts, each account in five rooms; per socket is the slope from {FIRST} sockets on; on paper a \
         million take {:.2} GB",
        stage.people.accounts.len(),
        median(&slopes)
    ));
    Ok(())
}

/// Opens more and more; the memory of the last socket in kB, which is that of a million in GB.
async fn weigh(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<f64> {
    let mut listeners = JoinSet::new();
    tokio::time::sleep(SETTLE).await;
    let empty = Memory::of(server.pid)?;
    report.add("server without a socket, resident", "kB", empty.resident);
    point(report, 0, empty);
    open(stage, 0..FIRST, &mut listeners).await?;
    watch(&mut listeners, SETTLE).await?;
    let begin = Memory::of(server.pid)?;
    let mut last = (FIRST, begin, 0.0);
    for &size in &stage.options.idle {
        let meter = Meter::start(server.pid)?;
        open(stage, last.0..size, &mut listeners).await?;
        let cost = meter.read()?;
        watch(&mut listeners, SETTLE).await?;
        let now = Memory::of(server.pid)?;
        point(report, size, now);
        let opened = float((size - FIRST) as u64);
        report.add(name_at(size), "kB", (now.resident - begin.resident) / opened);
        report.add(
            format!("{size} idle sockets, anonymous memory each"),
            "kB",
            (now.anonymous - begin.anonymous) / opened,
        );
        report.add("sockets opened", "/s", cost.rate((size - last.0) as u64));
        report.add(OPENED, "/CPU s", cost.rate_per_cpu((size - last.0) as u64));
        let slope = (now.resident - last.1.resident) / float((size - last.0) as u64);
        last = (size, now, slope);
    }
    Ok(last.2)
}

fn name_at(size: usize) -> String {
    format!("{size} idle sockets, resident memory each")
}

fn point(report: &mut Report, sockets: usize, memory: Memory) {
    for (line, kb) in [("resident", memory.resident), ("anonymous", memory.anonymous)] {
        report.point("Memory of idle sockets", "sockets", "MB", line, float(sockets as u64), kb / 1e3);
    }
}

async fn open(
    stage: &Stage<'_>,
    numbers: std::ops::Range<usize>,
    listeners: &mut JoinSet<Result<()>>,
) -> Result<()> {
    let address = stage.site.address;
    for begin in numbers.clone().step_by(AT_A_TIME) {
        let wires = open_all(begin..numbers.end.min(begin + AT_A_TIME), |number| {
            let access = stage.people.owner_of(number).access.clone();
            async move { Wire::open(address, &access).await }
        });
        for wire in wires.await? {
            listeners.spawn(listen(wire, Tally::new()));
        }
    }
    Ok(())
}
