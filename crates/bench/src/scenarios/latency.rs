//! From a send on a server that has nothing else to do to its `ack`, and to the `message` at the other end.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Stage;
use crate::{
    load::Template,
    raw::rows::RawRows,
    report::Report,
    stats::percentile_ms,
    wire::{Kind, Wire},
};

/// Sends of one repeat: the 99th percentile is the fourth-slowest.
const SENDS: usize = 400;
/// Between two sends: everything has come to rest.
const PAUSE: Duration = Duration::from_millis(3);
const RAW_FOR: Duration = Duration::from_millis(300);

pub(crate) async fn run(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let Stage { options, site, people, .. } = stage;
    let template = Template::new(people.pairs[0]);
    let mut author = Wire::open(site.address, &people.accounts[0].access).await?;
    let mut reader = Wire::open(site.address, &people.accounts[1].access).await?;
    let mut raw = RawRows::make(site, 1).await?;
    let mut frames = Vec::new();
    for _ in 0..options.repeats {
        let commits = raw.prepared(1, RAW_FOR).await?.times;
        let (mut acks, mut events) = (Vec::new(), Vec::new());
        for _ in 0..SENDS {
            tokio::time::sleep(PAUSE).await;
            frames.clear();
            template.put_frame(&mut frames);
            let sent = Instant::now();
            author.send(&frames).await?;
            let (ack, event) = tokio::join!(until(&mut author, Kind::Ack), until(&mut reader, Kind::Message));
            acks.push(ack? - sent);
            events.push(event? - sent);
        }
        for (percent, name) in [(50, "p50"), (99, "p99")] {
            let commit = percentile_ms(&commits, percent);
            report.add(format!("idle: raw commit of one row, {name}"), "ms", commit);
            let ack = percentile_ms(&acks, percent);
            report.add_against(format!("idle: send → ack, {name}"), "ms", ack, commit, "raw commit");
            let event = percentile_ms(&events, percent);
            report.add_against(
                format!("idle: send → other's event, {name}"),
                "ms",
                event,
                commit,
                "raw commit",
            );
        }
    }
    Ok(())
}

/// When a frame of this kind came.
async fn until(wire: &mut Wire, kind: Kind) -> Result<Instant> {
    while wire.next().await?.kind != kind {}
    Ok(Instant::now())
}
