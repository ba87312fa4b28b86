//! Messages a second that are stored: a hundred direct rooms at once, through each door, beside the raw inserts.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use crate::{
    http::Http,
    load::{Cost, Meter, Tally, Template, listen, open_all, post, pump, watch},
    options::Options,
    people::People,
    raw::rows::{BATCH, RawRows},
    report::Report,
    server::{Server, Site},
    wire::Wire,
};

const WARM_UP: Duration = Duration::from_millis(500);
/// How long the last answers may take.
const DRAIN: Duration = Duration::from_secs(10);
const API: &str = "/api/v1/chat/messages/";

pub(crate) async fn run(
    options: &Options,
    site: &Site,
    server: &Server,
    people: &People,
    report: &mut Report,
) -> Result<()> {
    let mut raw = RawRows::make(site, options.pairs).await?;
    let raw_for = options.measure_for() / 2;
    let before = people.stored().await?;
    let mut sent = 0;
    for _ in 0..options.repeats {
        let single = raw.prepared(1, raw_for / 2).await?.rate;
        let orm = raw.through_orm(raw_for).await?;
        let best = raw.prepared(BATCH, raw_for).await?;
        report.add("raw rows, 1 a transaction", "/s", single);
        report.add("raw rows, 100 a transaction, ORM", "/s", orm.rate);
        report.add("raw rows, 100 a transaction, prepared", "/s", best.rate);
        let limit = best.rate.max(orm.rate);
        let limit_per_cpu = best.rate_per_cpu.max(orm.rate_per_cpu);
        report.add("raw rows, 100 a transaction, per CPU s", "/CPU s", limit_per_cpu);
        for door in [Door::WebSocket, Door::Rest] {
            let sample = door.measure(options, site, server, people).await?;
            sent += sample.sent;
            let name = door.name();
            let rate = sample.cost.rate(sample.acked);
            report.add_against(format!("durable messages, {name}"), "/s", rate, limit, "raw rows, 100");
            let per_cpu = sample.cost.rate_per_cpu(sample.acked);
            let figure = format!("durable messages, {name}, per CPU s");
            report.add_against(figure, "/CPU s", per_cpu, limit_per_cpu, "raw rows, 100");
            report.add(
                format!("durable messages, {name}: load's core busy"),
                "%",
                sample.cost.load_percent(),
            );
        }
    }
    let stored = people.stored().await? - before;
    ensure!(stored == sent, "{sent} messages were acknowledged, and {stored} are stored");
    report
        .note(format!("durable: {sent} messages acknowledged, and the rooms' revisions say {stored} stored"));
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Door {
    WebSocket,
    Rest,
}

struct Sample {
    /// Sends answered while the clock ran.
    acked: u64,
    cost: Cost,
    /// Sends answered before and after that, too.
    sent: u64,
}

impl Door {
    const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Rest => "REST",
        }
    }

    async fn measure(
        self,
        options: &Options,
        site: &Site,
        server: &Server,
        people: &People,
    ) -> Result<Sample> {
        let tally = Tally::new();
        let mut listeners = JoinSet::new();
        let mut senders = match self {
            Self::WebSocket => sockets(options, site, people, &tally, &mut listeners).await?,
            Self::Rest => posters(site, people, &tally).await?,
        };
        watch(&mut senders, WARM_UP).await?;
        let (meter, before) = (Meter::start(server.pid)?, tally.acked.load(Relaxed));
        watch(&mut senders, options.measure_for()).await?;
        let (cost, acked) = (meter.read()?, tally.acked.load(Relaxed) - before);
        tally.stop();
        let sent = tokio::time::timeout(DRAIN, sum(senders)).await??;
        Ok(Sample { acked, cost, sent })
    }
}

/// Both of each pair are there; one of them sends.
async fn sockets(
    options: &Options,
    site: &Site,
    people: &People,
    tally: &Arc<Tally>,
    listeners: &mut JoinSet<Result<()>>,
) -> Result<JoinSet<Result<u64>>> {
    let address = site.address;
    let wires = open_all(0..people.accounts.len(), |number| {
        let access = people.accounts[number].access.clone();
        async move { Wire::open(address, &access).await }
    })
    .await?;
    let mut senders = JoinSet::new();
    for (number, wire) in wires.into_iter().enumerate() {
        if number % 2 == 0 {
            let template = Template::new(people.pairs[number / 2]);
            senders.spawn(pump(wire, template, options.window, Arc::clone(tally)));
        } else {
            listeners.spawn(listen(wire, Arc::clone(tally)));
        }
    }
    Ok(senders)
}

/// Both of each pair post, each over a connection of their own. Nobody listens.
async fn posters(site: &Site, people: &People, tally: &Arc<Tally>) -> Result<JoinSet<Result<u64>>> {
    let mut senders = JoinSet::new();
    for (number, account) in people.accounts.iter().enumerate() {
        let http = Http::open(site.address, API, &account.access).await?;
        senders.spawn(post(http, Template::new(people.pairs[number / 2]), Arc::clone(tally)));
    }
    Ok(senders)
}

async fn sum(mut senders: JoinSet<Result<u64>>) -> Result<u64> {
    let mut sum = 0;
    while let Some(sent) = senders.join_next().await {
        sum += sent??;
    }
    Ok(sum)
}
