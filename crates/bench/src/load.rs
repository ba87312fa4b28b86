//! What the load does: sockets that send and count, connections that post, and what it costs the server.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use charla_db::clock::{Clock, SystemClock};
use charla_protocol::RoomId;
use tokio::{sync::Notify, task::JoinSet};

use crate::{
    http::Http,
    machine,
    stats::float,
    wire::{Frame, Kind, Wire, put_text},
};

/// What everybody says.
pub(crate) const CONTENT: &str =
    "The train leaves at 18:40 from platform 7. See you there, and bring a coat.";

/// What the tasks of a load have counted, and what they are to do.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Sends that were answered.
    pub(crate) acked: AtomicU64,
    /// `message` events that came, over all sockets.
    pub(crate) delivered: AtomicU64,
    /// Times that the server dropped events for a socket.
    pub(crate) resyncs: AtomicU64,
    /// Of what came, without the frames' heads.
    pub(crate) bytes: AtomicU64,
    stopped: AtomicBool,
    /// Whom to wake: somebody waits for this many deliveries, or answers.
    wake_at_delivered: AtomicU64,
    wake_at_acked: AtomicU64,
    reached: Notify,
}

impl Tally {
    pub(crate) fn new() -> Arc<Self> {
        let tally = Self::default();
        tally.wake_at_delivered.store(u64::MAX, Relaxed);
        tally.wake_at_acked.store(u64::MAX, Relaxed);
        Arc::new(tally)
    }

    /// No task sends anything more.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    /// Whether somebody has said so.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// How many sends have been answered.
    pub(crate) fn acked(&self) -> u64 {
        self.acked.load(Relaxed)
    }

    /// Waits until this many messages have been delivered.
    pub(crate) async fn wait_for_delivered(&self, count: u64) {
        self.wake_at_delivered.store(count, Relaxed);
        while self.delivered.load(Relaxed) < count {
            self.reached.notified().await;
        }
    }

    /// Waits until this many sends have been answered.
    pub(crate) async fn wait_for_acked(&self, count: u64) {
        self.wake_at_acked.store(count, Relaxed);
        while self.acked.load(Relaxed) < count {
            self.reached.notified().await;
        }
    }

    /// Counts a frame.
    pub(crate) fn count(&self, frame: &Frame<'_>) -> Result<()> {
        self.bytes.fetch_add(frame.payload.len() as u64, Relaxed);
        match frame.kind {
            Kind::Message | Kind::Packed => self.bump(&self.delivered, &self.wake_at_delivered),
            Kind::Ack => self.bump(&self.acked, &self.wake_at_acked),
            Kind::Resync => self.bump(&self.resyncs, &AtomicU64::new(u64::MAX)),
            Kind::Error => bail!("the server refused: {}", String::from_utf8_lossy(frame.payload)),
            Kind::Close => bail!("the server closed a socket: {:?}", frame.payload),
            Kind::Hello | Kind::Event | Kind::Ping => {}
        }
        Ok(())
    }

    fn bump(&self, counter: &AtomicU64, wake_at: &AtomicU64) {
        if counter.fetch_add(1, Relaxed) + 1 == wake_at.load(Relaxed) {
            self.reached.notify_one();
        }
    }
}

/// Builds sends to one room, each under a `client_id` of its own that begins with the time, as the web client's do.
#[derive(Debug)]
pub(crate) struct Template {
    room: RoomId,
}

impl Template {
    pub(crate) fn new(room: RoomId) -> Self {
        Self { room }
    }

    /// A frame for `/ws/`.
    pub(crate) fn put_frame(&self, frames: &mut Vec<u8>) {
        let text = format!(
            r#"{{"room_id":"{}","client_id":"{}","action":"send_message","content":"{CONTENT}"}}"#,
            self.room,
            SystemClock.id()
        );
        put_text(frames, text.as_bytes());
    }

    /// A body for `POST messages/`.
    pub(crate) fn body(&self) -> String {
        format!(r#"{{"room":"{}","client_id":"{}","content":"{CONTENT}"}}"#, self.room, SystemClock.id())
    }
}

/// Counts what comes over a socket, and answers pings.
pub(crate) async fn listen(mut wire: Wire, tally: Arc<Tally>) -> Result<()> {
    loop {
        let mut pinged = false;
        while let Some(frame) = wire.pop()? {
            pinged |= frame.kind == Kind::Ping;
            tally.count(&frame)?;
        }
        if pinged {
            wire.pong().await?;
        }
        wire.fill().await?;
    }
}

/// Sends as fast as answers come, with up to `window` sends under way, until the tally says stop; then waits for the last
/// answers. Gives how many it sent.
pub(crate) async fn pump(
    mut wire: Wire,
    template: Template,
    window: usize,
    tally: Arc<Tally>,
) -> Result<u64> {
    let (mut free, mut sent, mut acked) = (window, 0, 0);
    let mut frames = Vec::new();
    loop {
        if free > 0 && !tally.is_stopped() {
            frames.clear();
            for _ in 0..free {
                template.put_frame(&mut frames);
            }
            wire.send(&frames).await?;
            sent += free;
            free = 0;
        }
        if acked == sent {
            return Ok(sent as u64);
        }
        wire.fill().await?;
        while let Some(frame) = wire.pop()? {
            tally.count(&frame)?;
            if frame.kind == Kind::Ack {
                acked += 1;
                free += 1;
            }
        }
    }
}

/// Posts messages one after the other until the tally says stop. Gives how many it sent.
pub(crate) async fn post(mut http: Http, template: Template, tally: Arc<Tally>) -> Result<u64> {
    let mut sent = 0;
    while !tally.is_stopped() {
        let status = http.post(&template.body()).await?;
        ensure!(status == 201, "a send was answered with {status}");
        sent += 1;
        tally.bump(&tally.acked, &tally.wake_at_acked);
    }
    Ok(sent)
}

/// Opens a socket each, so many side by side. In the order of the numbers.
pub(crate) async fn open_all<T: Send + 'static, F: Future<Output = Result<T>> + Send + 'static>(
    numbers: std::ops::Range<usize>,
    open: impl Fn(usize) -> F,
) -> Result<Vec<T>> {
    const SIDE_BY_SIDE: usize = 32;
    let first = numbers.start;
    let mut opened: Vec<Option<T>> = numbers.clone().map(|_| None).collect();
    let mut numbers = numbers.peekable();
    let mut jobs = JoinSet::new();
    while numbers.peek().is_some() || !jobs.is_empty() {
        while jobs.len() < SIDE_BY_SIDE
            && let Some(number) = numbers.next()
        {
            let opening = open(number);
            jobs.spawn(async move { (number, opening.await) });
        }
        if let Some(done) = jobs.join_next().await {
            let (number, socket) = done?;
            opened[number - first] = Some(socket.with_context(|| format!("socket {number}"))?);
        }
    }
    opened.into_iter().collect::<Option<_>>().context("every socket is open")
}

/// Sleeps, or fails with the first of these tasks that fails.
pub(crate) async fn watch<T: 'static>(tasks: &mut JoinSet<Result<T>>, duration: Duration) -> Result<()> {
    watch_until(tasks, tokio::time::sleep(duration)).await
}

/// Waits for `done`, or fails with the first of these tasks that fails.
pub(crate) async fn watch_until<T: 'static>(
    tasks: &mut JoinSet<Result<T>>,
    done: impl Future<Output = ()>,
) -> Result<()> {
    tokio::pin!(done);
    loop {
        tokio::select! {
            () = &mut done => return Ok(()),
            Some(ended) = tasks.join_next() => drop(ended??),
            else => return Ok(()),
        }
    }
}

/// What a stretch of time cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Seconds.
    pub(crate) wall: f64,
    /// Processor seconds of the processes that were watched.
    pub(crate) server: f64,
    /// Processor seconds of the load.
    pub(crate) load: f64,
}

/// Watches what the server and the load take.
#[derive(Debug)]
pub(crate) struct Meter {
    pids: Vec<u32>,
    begin: Instant,
    server: f64,
    load: f64,
}

impl Meter {
    /// Begins now.
    pub(crate) fn start(pid: u32) -> Result<Self> {
        Self::of(vec![pid])
    }

    /// Begins now, with several processes as one.
    pub(crate) fn of(pids: Vec<u32>) -> Result<Self> {
        let (server, load) = (machine::cpu_seconds_of(&pids)?, machine::cpu_seconds(std::process::id())?);
        Ok(Self { pids, begin: Instant::now(), server, load })
    }

    /// What it has cost since.
    pub(crate) fn read(&self) -> Result<Cost> {
        Ok(Cost {
            wall: self.begin.elapsed().as_secs_f64(),
            server: machine::cpu_seconds_of(&self.pids)? - self.server,
            load: machine::cpu_seconds(std::process::id())? - self.load,
        })
    }
}

impl Cost {
    /// So many a second.
    pub(crate) fn rate(&self, count: u64) -> f64 {
        float(count) / self.wall
    }

    /// So many a processor second of the server.
    pub(crate) fn rate_per_cpu(&self, count: u64) -> f64 {
        float(count) / self.server.max(0.01)
    }

    /// Processor microseconds of the server for each.
    pub(crate) fn micros_each(&self, count: u64) -> f64 {
        1e6 * self.server / float(count.max(1))
    }

    /// How busy the load's core was with it, in percent.
    pub(crate) fn load_percent(&self) -> f64 {
        100.0 * self.load / self.wall
    }
}
