//! Messages a second that are stored: a hundred direct rooms at once, through each door, beside the raw inserts; and how long an
//! answer takes at half of that.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use super::Stage;
use crate::{
    http::Http,
    load::{Cost, Meter, Tally, Template, listen, open_all, post, pump, watch},
    paced,
    raw::rows::{BATCH, RawRows},
    report::{Report, Target},
    server::Server,
    stats::{float, median, percentile_ms},
    wire::Wire,
};

const WARM_UP: Duration = Duration::from_millis(500);
/// How long the last answers may take.
const DRAIN: Duration = Duration::from_secs(10);
const API: &str = "/api/v1/chat/messages/";

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    let options = stage.options;
    let mut raw = RawRows::make(&stage.site, options.pairs).await?;
    let raw_for = options.measure_for() / 2;
    let before = stage.people.stored().await?;
    let (mut sent, mut rates) = (0, Vec::new());
    for _ in 0..options.repeats {
        report.add("raw rows, 1 a transaction", "/s", raw.prepared(1, raw_for / 2).await?.rate);
        report.add("raw rows, 10 a transaction, prepared", "/s", raw.prepared(10, raw_for / 2).await?.rate);
        let orm = raw.through_orm(raw_for).await?;
        let best = raw.prepared(BATCH, raw_for).await?;
        report.add("raw rows, 100 a transaction, ORM", "/s", orm.rate);
        report.add("raw rows, 100 a transaction, prepared", "/s", best.rate);
        let limit = best.rate.max(orm.rate);
        let limit_per_cpu = best.rate_per_cpu.max(orm.rate_per_cpu);
        report.add("raw rows, 100 a transaction, per CPU s", "/CPU s", limit_per_cpu);
        for door in [Door::WebSocket, Door::Rest] {
            let sample = door.measure(stage, server, options.window).await?;
            sent += sample.sent;
            let rate = sample.cost.rate(sample.acked);
            report.add_against(door.figure(), "/s", rate, limit, "raw rows, 100");
            let per_cpu = sample.cost.rate_per_cpu(sample.acked);
            let figure = format!("durable messages, {}, per CPU s", door.name());
            report.add_against(figure, "/CPU s", per_cpu, limit_per_cpu, "raw rows, 100");
            let busy = format!("durable messages, {}: load's core busy", door.name());
            report.add(busy, "%", sample.cost.load_percent());
            if door == Door::WebSocket {
                rates.push(rate);
            }
        }
    }
    report.aim(&Door::WebSocket.figure(), Target::RatioAtLeast(0.5));
    let half = median(&rates) / 2.0;
    for _ in 0..options.repeats {
        sent += at_pace(stage, half, report).await?;
    }
    report.aim(AT_HALF, Target::AtMost(10.0));
    report.note(format!("durable: half the load is {half:.0} messages a second"));
    let stored = stage.people.stored().await? - before;
    ensure!(stored == sent, "{sent} messages were acknowledged, and {stored} are stored");
    report
        .note(format!("durable: {sent} messages acknowledged, and the rooms' revisions say {stored} stored"));
    Ok(())
}

const AT_HALF: &str = "durable messages at half the load: send → ack, p99";

/// How long answers take where so many messages a second are sent, whatever becomes of them. How many were sent.
async fn at_pace(stage: &Stage<'_>, rate: f64, report: &mut Report) -> Result<u64> {
    let tally = Tally::new();
    let mut listeners = JoinSet::new();
    let mut senders = JoinSet::new();
    let pairs = stage.people.pairs.len();
    let interval = Duration::from_secs_f64(float(pairs as u64) / rate);
    let begin = Instant::now() + Duration::from_millis(100);
    for (number, wire) in open_pairs(stage).await?.into_iter().enumerate() {
        if number % 2 == 0 {
            let pair = u32::try_from(number / 2)?;
            let first = begin + interval * pair / u32::try_from(pairs)?;
            let template = Template::new(stage.people.pairs[number / 2]);
            senders.spawn(paced::send(wire, template, first, interval, Arc::clone(&tally)));
        } else {
            listeners.spawn(listen(wire, Arc::clone(&tally)));
        }
    }
    watch(&mut senders, stage.options.measure_for()).await?;
    tally.stop();
    let mut times = Vec::new();
    while let Some(ended) = senders.join_next().await {
        times.extend(ended??);
    }
    report.add("durable messages at half the load: send → ack, p50", "ms", percentile_ms(&times, 50));
    report.add(AT_HALF, "ms", percentile_ms(&times, 99));
    Ok(times.len() as u64)
}

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    WebSocket,
    Rest,
}

/// What a stretch of sending gave.
pub(super) struct Sample {
    /// Sends answered while the clock ran.
    pub(super) acked: u64,
    pub(super) cost: Cost,
    /// Sends answered before and after that, too.
    pub(super) sent: u64,
}

impl Door {
    const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Rest => "REST",
        }
    }

    fn figure(self) -> String {
        format!("durable messages, {}", self.name())
    }

    /// Sends as fast as answers come, for so long as one measurement lasts; over a socket so many without an answer at a time.
    pub(super) async fn measure(self, stage: &Stage<'_>, server: &Server, window: usize) -> Result<Sample> {
        let tally = Tally::new();
        let mut listeners = JoinSet::new();
        let mut senders = match self {
            Self::WebSocket => sockets(stage, window, &tally, &mut listeners).await?,
            Self::Rest => posters(stage, &tally).await?,
        };
        watch(&mut senders, WARM_UP).await?;
        let (meter, before) = (Meter::start(server.pid)?, tally.acked.load(Relaxed));
        watch(&mut senders, stage.options.measure_for()).await?;
        let (cost, acked) = (meter.read()?, tally.acked.load(Relaxed) - before);
        tally.stop();
        let sent = tokio::time::timeout(DRAIN, sum(senders)).await??;
        Ok(Sample { acked, cost, sent })
    }
}

/// A socket for each account.
async fn open_pairs(stage: &Stage<'_>) -> Result<Vec<Wire>> {
    let address = stage.site.address;
    open_all(0..stage.people.accounts.len(), |number| {
        let access = stage.people.accounts[number].access.clone();
        async move { Wire::open(address, &access).await }
    })
    .await
}

/// Both of each pair are there; one of them sends.
async fn sockets(
    stage: &Stage<'_>,
    window: usize,
    tally: &Arc<Tally>,
    listeners: &mut JoinSet<Result<()>>,
) -> Result<JoinSet<Result<u64>>> {
    let mut senders = JoinSet::new();
    for (number, wire) in open_pairs(stage).await?.into_iter().enumerate() {
        if number % 2 == 0 {
            let template = Template::new(stage.people.pairs[number / 2]);
            senders.spawn(pump(wire, template, window, Arc::clone(tally)));
        } else {
            listeners.spawn(listen(wire, Arc::clone(tally)));
        }
    }
    Ok(senders)
}

/// Both of each pair post, each over a connection of their own. Nobody listens.
async fn posters(stage: &Stage<'_>, tally: &Arc<Tally>) -> Result<JoinSet<Result<u64>>> {
    let mut senders = JoinSet::new();
    for (number, account) in stage.people.accounts.iter().enumerate() {
        let http = Http::open(stage.site.address, API, &account.access).await?;
        senders.spawn(post(http, Template::new(stage.people.pairs[number / 2]), Arc::clone(tally)));
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
