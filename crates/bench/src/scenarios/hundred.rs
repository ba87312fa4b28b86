//! A room of a hundred: one message outstanding, and ten authors at once.

use std::sync::atomic::Ordering::Relaxed;

use anyhow::Result;

use super::Stage;
use crate::{
    crowd::{Crowd, Shape},
    raw::{rows::RawRows, sockets::RawSockets},
    report::{Report, Target},
    server::Server,
    stats::float,
};

const SOCKETS: usize = 100;
const AUTHORS: usize = 10;
const ALONE: &str = "room of 100, one message outstanding: deliveries per CPU s";
const TEN: &str = "room of 100, ten senders: deliveries per CPU s";

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    let options = stage.options;
    let shape = Shape { sockets: SOCKETS, authors: AUTHORS, is_packed: false };
    let mut room = Crowd::open(&stage.nodes(server), &stage.people, shape).await?;
    let mut raw = RawSockets::open(stage.cores, SOCKETS, &room.sample).await?;
    let mut rows = RawRows::make(&stage.site, 1).await?;
    for _ in 0..options.repeats {
        let commit = 1.0 / rows.prepared(1, options.measure_for() / 2).await?.rate_per_cpu;
        report.add("raw commit of one row", "CPU µs", 1e6 * commit);
        let (count, cost) = raw.one_by_one(options.measure_for() / 2).await?;
        let writes = cost.rate_per_cpu(count);
        report.add("raw writes to 100, one round outstanding, per CPU s", "/CPU s", writes);
        let sockets = float(SOCKETS as u64);
        let limit = sockets / (sockets / writes + commit);
        let (count, cost) = room.one_by_one(options.measure_for()).await?;
        report.add_against(
            ALONE,
            "/CPU s",
            cost.rate_per_cpu(count),
            limit,
            "raw writes and a one-row commit",
        );

        let (count, cost) = raw.free_running(options.measure_for() / 2).await?;
        let limit = cost.rate_per_cpu(count);
        report.add("raw writes to 100, free-running, per CPU s", "/CPU s", limit);
        let (count, cost) = room.free_running(options.window as u64, options.measure_for()).await?;
        report.add_against(TEN, "/CPU s", cost.rate_per_cpu(count), limit, "raw single writes");
        report.add("room of 100, ten senders: deliveries", "/s", cost.rate(count));
        report.add("room of 100, ten senders: load's core busy", "%", cost.load_percent());
        report.add(
            "room of 100, ten senders: sockets told resync",
            "",
            float(room.tally.resyncs.swap(0, Relaxed)),
        );
    }
    report.aim(ALONE, Target::RatioAtLeast(0.75));
    // 800,000 where single writes give 420,000.
    report.aim(TEN, Target::RatioAtLeast(800.0 / 420.0));
    Ok(())
}
