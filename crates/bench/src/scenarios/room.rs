//! A message to everybody in a large room: one outstanding, and as fast as its author's answers come.

use std::sync::atomic::Ordering::Relaxed;

use anyhow::Result;

use super::Stage;
use crate::{
    crowd::{Crowd, Shape},
    raw::sockets::RawSockets,
    report::{Report, Target},
    server::Server,
    stats::float,
};

/// Sends under way of the free-running author.
const WINDOW: u64 = 32;

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    let options = stage.options;
    let shape = Shape { sockets: options.room, authors: 1, is_packed: false };
    let mut room = Crowd::open(&stage.nodes(server), &stage.people, shape).await?;
    let mut raw = RawSockets::open(stage.cores, options.room, &room.sample).await?;
    report.note(format!("room: frames of {} bytes, the baseline's too", room.sample.len() + 4));
    let sockets = format!("room of {}", options.room);
    let aimed_at = format!("{sockets}, one message outstanding: deliveries per CPU s");
    for _ in 0..options.repeats {
        let (count, cost) = raw.one_by_one(options.measure_for() / 2).await?;
        let limit = cost.rate_per_cpu(count);
        report.add("raw writes, one round outstanding", "/s", cost.rate(count));
        report.add("raw writes, one round outstanding, per CPU s", "/CPU s", limit);
        let (count, cost) = room.one_by_one(options.measure_for()).await?;
        report.add(format!("{sockets}, one message outstanding: deliveries"), "/s", cost.rate(count));
        report.add_against(aimed_at.as_str(), "/CPU s", cost.rate_per_cpu(count), limit, "raw writes");

        let (count, cost) = raw.free_running(options.measure_for() / 2).await?;
        let limit = cost.rate_per_cpu(count);
        report.add("raw writes, free-running", "/s", cost.rate(count));
        report.add("raw writes, free-running, per CPU s", "/CPU s", limit);
        let (count, cost) = room.free_running(WINDOW, options.measure_for()).await?;
        report.add(format!("{sockets}, free-running: deliveries"), "/s", cost.rate(count));
        let name = format!("{sockets}, free-running: deliveries per CPU s");
        report.add_against(name, "/CPU s", cost.rate_per_cpu(count), limit, "raw writes");
        report.add(format!("{sockets}, free-running: load's core busy"), "%", cost.load_percent());
        let resyncs = room.tally.resyncs.swap(0, Relaxed);
        report.add(format!("{sockets}, free-running: sockets told resync"), "", float(resyncs));
    }
    report.aim(&aimed_at, Target::RatioAtLeast(0.85));
    Ok(())
}
