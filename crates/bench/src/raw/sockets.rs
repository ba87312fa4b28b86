//! The load's side of the sockets' baseline: steers the writer, and reads what it writes just as it reads the server's.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::Stdio,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::Child,
    task::JoinSet,
};

use crate::{
    load::{Cost, Meter, Tally, listen, watch_until},
    machine::Cores,
    server::on_core,
    wire::{Wire, server_frame},
};

/// Rounds that the free-running writer is told at a time.
const ROUNDS: u32 = 10;
/// Rounds that it is ahead of the readers at most.
const AHEAD: u64 = 40;

/// A writer with its sockets.
#[derive(Debug)]
pub(crate) struct RawSockets {
    /// Killed when it is dropped.
    _child: Child,
    pid: u32,
    steering: TcpStream,
    sockets: u64,
    tally: Arc<Tally>,
    listeners: JoinSet<Result<()>>,
}

impl RawSockets {
    /// Starts the writer on the server's core, and opens the sockets. `text`: what a frame says.
    pub(crate) async fn open(cores: Cores, sockets: usize, text: &[u8]) -> Result<Self> {
        let mut child = on_core(cores.server, &std::env::current_exe()?)
            .arg("raw-writer")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the baseline's writer can't be started")?;
        let pid = child.id().context("the writer has no process id")?;
        let mut port = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut port).await?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.trim().parse().context("no port")?));
        let mut steering = TcpStream::connect(address).await?;
        steering.set_nodelay(true)?;
        let frame = server_frame(text);
        steering.write_u32(u32::try_from(sockets)?).await?;
        steering.write_u32(u32::try_from(frame.len())?).await?;
        steering.write_all(&frame).await?;
        let tally = Tally::new();
        let mut listeners = JoinSet::new();
        for _ in 0..sockets {
            let wire = Wire::new(TcpStream::connect(address).await?);
            listeners.spawn(listen(wire, Arc::clone(&tally)));
        }
        let mut raw = Self { _child: child, pid, steering, sockets: sockets as u64, tally, listeners };
        raw.write(1).await?;
        Ok(raw)
    }

    /// One frame to every socket, and the next once all have it, for so long. Deliveries, and what they cost.
    pub(crate) async fn one_by_one(&mut self, duration: Duration) -> Result<(u64, Cost)> {
        let (begin, before) = (Instant::now(), self.tally.delivered.load(Relaxed));
        let meter = Meter::start(self.pid)?;
        while begin.elapsed() < duration {
            self.write(1).await?;
        }
        Ok((self.tally.delivered.load(Relaxed) - before, meter.read()?))
    }

    /// Frame after frame without waiting for more than the readers to keep up. Deliveries, and what they cost.
    pub(crate) async fn free_running(&mut self, duration: Duration) -> Result<(u64, Cost)> {
        let (begin, before) = (Instant::now(), self.tally.delivered.load(Relaxed));
        let meter = Meter::start(self.pid)?;
        let mut told = before;
        while begin.elapsed() < duration {
            self.steering.write_u32(ROUNDS).await?;
            told += u64::from(ROUNDS) * self.sockets;
            let kept_up = told.saturating_sub(AHEAD * self.sockets);
            watch_until(&mut self.listeners, self.tally.wait_for_delivered(kept_up)).await?;
        }
        watch_until(&mut self.listeners, self.tally.wait_for_delivered(told)).await?;
        Ok((self.tally.delivered.load(Relaxed) - before, meter.read()?))
    }

    async fn write(&mut self, rounds: u32) -> Result<()> {
        let target = self.tally.delivered.load(Relaxed) + u64::from(rounds) * self.sockets;
        self.steering.write_u32(rounds).await?;
        watch_until(&mut self.listeners, self.tally.wait_for_delivered(target)).await
    }
}
