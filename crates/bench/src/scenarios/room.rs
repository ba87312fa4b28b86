//! A message to everybody in a large room: one outstanding, and as fast as its author's answers come.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{io::AsyncWriteExt, net::tcp::OwnedWriteHalf, task::JoinSet};

use crate::{
    load::{Cost, Meter, Tally, Template, listen, open_all, watch_until},
    machine::Cores,
    options::Options,
    people::People,
    raw::sockets::RawSockets,
    report::Report,
    server::{Server, Site},
    stats::float,
    wire::{Kind, Wire},
};

/// Sends under way of the free-running author.
const WINDOW: u64 = 32;
/// How long the last deliveries may take; some never come where the server dropped events.
const DRAIN: Duration = Duration::from_secs(5);

pub(crate) async fn run(
    options: &Options,
    cores: Cores,
    site: &Site,
    server: &Server,
    people: &People,
    report: &mut Report,
) -> Result<()> {
    let mut room = Room::open(options, site, server, people).await?;
    let mut raw = RawSockets::open(cores, options.room, &room.sample).await?;
    report.note(format!("room: frames of {} bytes, the baseline's too", room.sample.len() + 4));
    for _ in 0..options.repeats {
        let sockets = format!("room of {}", options.room);
        let (count, cost) = raw.one_by_one(options.measure_for() / 2).await?;
        let limit = cost.rate_per_cpu(count);
        report.add("raw writes, one outstanding", "/s", cost.rate(count));
        report.add("raw writes, one outstanding, per CPU s", "/CPU s", limit);
        let (count, cost) = room.one_by_one(options.measure_for()).await?;
        report.add(format!("{sockets}, one outstanding"), "/s", cost.rate(count));
        let name = format!("{sockets}, one outstanding, per CPU s");
        report.add_against(name, "/CPU s", cost.rate_per_cpu(count), limit, "raw writes");

        let (count, cost) = raw.free_running(options.measure_for() / 2).await?;
        let limit = cost.rate_per_cpu(count);
        report.add("raw writes, free-running", "/s", cost.rate(count));
        report.add("raw writes, free-running, per CPU s", "/CPU s", limit);
        let (count, cost) = room.free_running(options.measure_for()).await?;
        report.add(format!("{sockets}, free-running"), "/s", cost.rate(count));
        let name = format!("{sockets}, free-running, per CPU s");
        report.add_against(name, "/CPU s", cost.rate_per_cpu(count), limit, "raw writes");
        report.add(format!("{sockets}, free-running: load's core busy"), "%", cost.load_percent());
        let resyncs = room.tally.resyncs.swap(0, Relaxed);
        report.add(format!("{sockets}, free-running: sockets told resync"), "", float(resyncs));
    }
    Ok(())
}

/// The room with its sockets; the first of them also sends.
struct Room {
    template: Template,
    author: OwnedWriteHalf,
    pid: u32,
    sockets: u64,
    tally: Arc<Tally>,
    listeners: JoinSet<Result<()>>,
    /// The text of a message's frame.
    sample: Vec<u8>,
}

impl Room {
    async fn open(options: &Options, site: &Site, server: &Server, people: &People) -> Result<Self> {
        let address = site.address;
        let mut wires = open_all(0..options.room, |number| {
            let access = people.owner_of(number).access.clone();
            async move { Wire::open(address, &access).await }
        })
        .await?;
        let template = Template::new(people.hall);
        let sample = sample(wires.first_mut().context("there are sockets")?, &template).await?;
        let author = wires.first_mut().context("there are sockets")?.take_writer()?;
        let tally = Tally::new();
        let mut listeners = JoinSet::new();
        // The others have the first message still before them, the author has its answer.
        let sockets = wires.len() as u64;
        for wire in wires {
            listeners.spawn(listen(wire, Arc::clone(&tally)));
        }
        let mut room = Self { template, author, pid: server.pid, sockets, tally, listeners, sample };
        watch_until(&mut room.listeners, room.tally.wait_for_delivered(sockets - 1)).await?;
        Ok(room)
    }

    /// The next message once all have the one before, for so long. Deliveries, and what they cost.
    async fn one_by_one(&mut self, duration: Duration) -> Result<(u64, Cost)> {
        let (begin, before) = (Instant::now(), self.tally.delivered.load(Relaxed));
        let meter = Meter::start(self.pid)?;
        let mut target = before;
        while begin.elapsed() < duration {
            self.send(1).await?;
            target += self.sockets;
            watch_until(&mut self.listeners, self.tally.wait_for_delivered(target)).await?;
        }
        Ok((self.tally.delivered.load(Relaxed) - before, meter.read()?))
    }

    /// Message after message, with a window of sends that have no answer yet. Deliveries, and what they cost.
    async fn free_running(&mut self, duration: Duration) -> Result<(u64, Cost)> {
        let begin = Instant::now();
        let (before, acked) = (self.tally.delivered.load(Relaxed), self.tally.acked.load(Relaxed));
        let meter = Meter::start(self.pid)?;
        let mut sent = acked;
        while begin.elapsed() < duration {
            let free = WINDOW - (sent - self.tally.acked.load(Relaxed));
            self.send(free).await?;
            sent += free;
            // Wakes when half of the window is free again.
            let half = self.tally.wait_for_acked(sent - WINDOW / 2);
            watch_until(&mut self.listeners, half).await?;
        }
        watch_until(&mut self.listeners, self.tally.wait_for_acked(sent)).await?;
        let all = self.tally.wait_for_delivered(before + (sent - acked) * self.sockets);
        let cost_so_far = meter.read()?;
        let delivered_so_far = self.tally.delivered.load(Relaxed) - before;
        match tokio::time::timeout(DRAIN, watch_until(&mut self.listeners, all)).await {
            Ok(done) => done?,
            // Dropped events do not come: what the time until the last answer gave counts.
            Err(_) => return Ok((delivered_so_far, cost_so_far)),
        }
        Ok((self.tally.delivered.load(Relaxed) - before, meter.read()?))
    }

    async fn send(&mut self, count: u64) -> Result<()> {
        let mut frames = Vec::new();
        for _ in 0..count {
            self.template.put_frame(&mut frames);
        }
        self.author.write_all(&frames).await.context("the author's socket broke")
    }
}

/// Sends one message, and gives the text in which it comes back.
async fn sample(wire: &mut Wire, template: &Template) -> Result<Vec<u8>> {
    let mut frames = Vec::new();
    template.put_frame(&mut frames);
    wire.send(&frames).await?;
    let (mut text, mut acked) = (None, false);
    loop {
        let frame = wire.next().await?;
        match frame.kind {
            Kind::Message => text = Some(frame.payload.to_vec()),
            Kind::Ack => acked = true,
            _ => {}
        }
        if acked && let Some(text) = text.take_if(|_| true) {
            return Ok(text);
        }
    }
}
