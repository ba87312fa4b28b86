//! A room full of sockets: how fast what is said in it reaches all of them, and what that costs the server.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::{io::AsyncWriteExt, net::tcp::OwnedWriteHalf, task::JoinSet};

use crate::{
    load::{Cost, Meter, Tally, Template, listen, open_all, watch_until},
    people::People,
    server::{Server, Site},
    wire::{Kind, Wire},
};

/// How long the last deliveries may take; some never come where the server dropped events.
const DRAIN: Duration = Duration::from_secs(5);

/// Who is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) sockets: usize,
    /// How many of them also send.
    pub(crate) authors: usize,
    /// Whether what the others get may be compressed.
    pub(crate) is_packed: bool,
}

/// The hall with its sockets.
#[derive(Debug)]
pub(crate) struct Crowd {
    template: Template,
    authors: Vec<OwnedWriteHalf>,
    pids: Vec<u32>,
    sockets: u64,
    pub(crate) tally: Arc<Tally>,
    listeners: JoinSet<Result<()>>,
    /// The text of a message's frame.
    pub(crate) sample: Vec<u8>,
}

impl Crowd {
    /// Opens the sockets, spread evenly over the nodes.
    pub(crate) async fn open(nodes: &[(&Site, &Server)], people: &People, shape: Shape) -> Result<Self> {
        let addresses: Vec<SocketAddr> = nodes.iter().map(|(site, _)| site.address).collect();
        let mut wires = open_all(0..shape.sockets, |number| {
            let (access, address) =
                (people.owner_of(number).access.clone(), addresses[number % addresses.len()]);
            let is_packed = shape.is_packed && number >= shape.authors;
            async move {
                match is_packed {
                    true => Wire::open_packed(address, &access).await,
                    false => Wire::open(address, &access).await,
                }
            }
        })
        .await?;
        let template = Template::new(people.hall);
        let sample = sample(wires.first_mut().context("there are sockets")?, &template).await?;
        let authors = wires.iter_mut().take(shape.authors).map(Wire::take_writer).collect::<Result<_>>()?;
        let tally = Tally::new();
        let mut listeners = JoinSet::new();
        let sockets = wires.len() as u64;
        for wire in wires {
            listeners.spawn(listen(wire, Arc::clone(&tally)));
        }
        let pids = nodes.iter().map(|(_, server)| server.pid).collect();
        let mut crowd = Self { template, authors, pids, sockets, tally, listeners, sample };
        // The others have the first message still before them, the author has its answer.
        let all = crowd.tally.wait_for_delivered(sockets - 1);
        watch_until(&mut crowd.listeners, all).await?;
        Ok(crowd)
    }

    /// The next message once all have the one before, for so long. Deliveries, and what they cost.
    pub(crate) async fn one_by_one(&mut self, duration: Duration) -> Result<(u64, Cost)> {
        let (begin, before) = (Instant::now(), self.tally.delivered.load(Relaxed));
        let meter = Meter::of(self.pids.clone())?;
        let mut target = before;
        while begin.elapsed() < duration {
            self.send(1).await?;
            target += self.sockets;
            watch_until(&mut self.listeners, self.tally.wait_for_delivered(target)).await?;
        }
        Ok((self.tally.delivered.load(Relaxed) - before, meter.read()?))
    }

    /// Message after message, each author with a window of sends that have no answer yet. Deliveries, and what they cost.
    pub(crate) async fn free_running(&mut self, window: u64, duration: Duration) -> Result<(u64, Cost)> {
        let window = window * self.authors.len() as u64;
        let begin = Instant::now();
        let (before, acked) = (self.tally.delivered.load(Relaxed), self.tally.acked.load(Relaxed));
        let meter = Meter::of(self.pids.clone())?;
        let mut sent = acked;
        while begin.elapsed() < duration {
            let free = window - (sent - self.tally.acked.load(Relaxed));
            self.send(free).await?;
            sent += free;
            // Wakes when half of the window is free again.
            let half = self.tally.wait_for_acked(sent - window / 2);
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

    /// So many messages, from the authors in turn.
    async fn send(&mut self, count: u64) -> Result<()> {
        let mut left = usize::try_from(count)?;
        let share = left.div_ceil(self.authors.len());
        for author in &mut self.authors {
            let mut frames = Vec::new();
            for _ in 0..share.min(left) {
                self.template.put_frame(&mut frames);
            }
            left -= share.min(left);
            author.write_all(&frames).await.context("an author's socket broke")?;
        }
        ensure!(left == 0, "everything was sent");
        Ok(())
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
