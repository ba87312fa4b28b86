//! What `permessage-deflate` saves on the wire, and what it costs: the same room with and without it.

use std::sync::atomic::Ordering::Relaxed;

use anyhow::Result;

use super::Stage;
use crate::{
    crowd::{Crowd, Shape},
    options::Options,
    report::{Report, Target},
    server::Server,
    stats::float,
};

/// Rooms in which it is measured: compressed once per event costs the same in both.
const FEW: usize = 10;

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    for sockets in [FEW, stage.options.room] {
        for _ in 0..stage.options.repeats {
            let plain = measure(stage, server, sockets, false).await?;
            let packed = measure(stage, server, sockets, true).await?;
            let bytes = format!("deflate, room of {sockets}: bytes on the wire a delivery");
            report.add_against(bytes.as_str(), "bytes", packed.bytes, plain.bytes, "without it");
            let cost = format!("deflate, room of {sockets}: server's CPU a message");
            report.add_against(cost.as_str(), "µs", packed.micros, plain.micros, "without it");
            report.add(
                format!("deflate, room of {sockets}: added CPU a message"),
                "µs",
                packed.micros - plain.micros,
            );
        }
    }
    aim(stage.options, report);
    Ok(())
}

/// One for each socket would cost a hundred times as much in a room a hundred times as large.
fn aim(options: &Options, report: &mut Report) {
    let bytes = format!("deflate, room of {}: bytes on the wire a delivery", options.room);
    report.aim(&bytes, Target::RatioAtMost(1.0));
    let cost = format!("deflate, room of {}: server's CPU a message", options.room);
    report.aim(&cost, Target::RatioAtMost(1.3));
    report.note(
        "deflate: each message is sent by a socket that takes no compression; all others do".to_owned(),
    );
}

/// Of one message: bytes of each delivery, and processor time of the server.
struct Sample {
    bytes: f64,
    micros: f64,
}

async fn measure(stage: &Stage<'_>, server: &Server, sockets: usize, is_packed: bool) -> Result<Sample> {
    let shape = Shape { sockets, authors: 1, is_packed };
    let mut room = Crowd::open(&stage.nodes(server), &stage.people, shape).await?;
    let before = room.tally.bytes.load(Relaxed);
    let (count, cost) = room.one_by_one(stage.options.measure_for() / 2).await?;
    let bytes = float(room.tally.bytes.load(Relaxed) - before) / float(count);
    Ok(Sample { bytes, micros: cost.micros_each(count / sockets as u64) })
}
