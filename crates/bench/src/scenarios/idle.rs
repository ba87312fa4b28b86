//! Memory of idle sockets, and what it takes to open them. A fresh server each time.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::{
    load::{Meter, Tally, listen, open_all, watch},
    machine::Memory,
    options::Options,
    people::People,
    report::Report,
    server::{Server, Site},
    stats::float,
    wire::Wire,
};

/// Sockets that are open before anything is weighed: pools, caches and threads are there then.
const FIRST: usize = 100;
/// So that what is under way comes to rest.
const SETTLE: Duration = Duration::from_millis(500);
/// How often it is measured at most: each time costs a start and every handshake.
const REPEATS: usize = 3;

pub(crate) async fn run(options: &Options, site: &Site, people: &People, report: &mut Report) -> Result<()> {
    for _ in 0..options.repeats.min(REPEATS) {
        let server = site.start().await?;
        weigh(options, site, &server, people, report).await?;
        server.stop().await?;
    }
    report.note(format!(
        "idle: {} sockets of {} accounts, each account in five rooms; per connection is the slope from {FIRST} sockets on",
        options.idle,
        people.accounts.len()
    ));
    Ok(())
}

async fn weigh(
    options: &Options,
    site: &Site,
    server: &Server,
    people: &People,
    report: &mut Report,
) -> Result<()> {
    let mut listeners = JoinSet::new();
    tokio::time::sleep(SETTLE).await;
    let empty = Memory::of(server.pid)?;
    open(site, people, 0..FIRST, &mut listeners).await?;
    watch(&mut listeners, SETTLE).await?;
    let begin = Memory::of(server.pid)?;
    let meter = Meter::start(server.pid)?;
    open(site, people, FIRST..options.idle, &mut listeners).await?;
    let cost = meter.read()?;
    watch(&mut listeners, SETTLE).await?;
    let end = Memory::of(server.pid)?;
    let opened = u64::try_from(options.idle - FIRST).context("more than the first")?;
    report.add("server without a socket, resident", "kB", empty.resident);
    report.add(format!("server with {} idle sockets, resident", options.idle), "kB", end.resident);
    report.add("idle socket, resident", "kB", (end.resident - begin.resident) / float(opened));
    report.add("idle socket, anonymous", "kB", (end.anonymous - begin.anonymous) / float(opened));
    report.add("sockets opened", "/s", cost.rate(opened));
    report.add("sockets opened, per CPU s", "/CPU s", cost.rate_per_cpu(opened));
    Ok(())
}

async fn open(
    site: &Site,
    people: &People,
    numbers: std::ops::Range<usize>,
    listeners: &mut JoinSet<Result<()>>,
) -> Result<()> {
    let address = site.address;
    let wires = open_all(numbers, |number| {
        let access = people.owner_of(number).access.clone();
        async move { Wire::open(address, &access).await }
    });
    for wire in wires.await? {
        listeners.spawn(listen(wire, Tally::new()));
    }
    Ok(())
}
