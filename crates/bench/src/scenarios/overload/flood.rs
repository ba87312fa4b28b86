//! The flood: pairs that send at a fixed pace whatever the answers take, and look for gaps in what comes.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use charla_protocol::RoomId;
use tokio::{io::AsyncWriteExt, net::tcp::OwnedWriteHalf, task::JoinSet};

use crate::{
    load::{Template, open_all},
    scenarios::Stage,
    stats::float,
    wire::{Kind, Wire},
};

/// Between two handfuls of a sender.
const TICK: Duration = Duration::from_millis(10);
/// Silence after which nothing more comes.
const SILENCE: Duration = Duration::from_secs(5);
/// Of the listeners, each so-manieth stops reading while the flood lasts.
const SLOW: usize = 10;

/// Everybody in place; nobody has sent anything yet.
pub(super) struct Flood {
    senders: Vec<(RoomId, OwnedWriteHalf)>,
    readers: Vec<(RoomId, Wire)>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) sockets: usize,
    /// Frames that were written as a whole.
    pub(super) written: u64,
    pub(super) acked: u64,
    pub(super) refused: u64,
    /// Sends whose answer never came, on sockets that were not closed.
    pub(super) unanswered: u64,
    pub(super) closed: u64,
    pub(super) told_gaps: u64,
    pub(super) silent_gaps: u64,
    /// The last seq that each open socket has seen and was told no gap after.
    last_seen: Vec<(RoomId, i64)>,
}

/// What the tasks share.
#[derive(Debug, Default)]
struct Counts {
    is_over: AtomicBool,
    written: AtomicU64,
}

/// What one socket has seen.
#[derive(Debug, Default)]
struct Seen {
    acked: u64,
    refused: u64,
    is_closed: bool,
    told_gaps: u64,
    silent_gaps: u64,
    last: Option<i64>,
    /// Told to catch up, and nothing has come since.
    is_resyncing: bool,
}

/// All pairs but the last, which is somebody else's.
pub(super) async fn open(stage: &Stage<'_>) -> Result<Flood> {
    let (address, people) = (stage.site.address, &stage.people);
    let count = 2 * (people.pairs.len() - 1);
    let wires = open_all(0..count, |number| {
        let access = people.accounts[number].access.clone();
        async move { Wire::open(address, &access).await }
    })
    .await?;
    let mut flood = Flood { senders: Vec::new(), readers: Vec::new() };
    for (number, mut wire) in wires.into_iter().enumerate() {
        let room = people.pairs[number / 2];
        if number % 2 == 0 {
            flood.senders.push((room, wire.take_writer()?));
        }
        flood.readers.push((room, wire));
    }
    Ok(flood)
}

/// Sockets that are behind their room although nobody has told them.
pub(super) async fn behind(stage: &Stage<'_>, found: &Found) -> Result<u64> {
    let mut revisions = HashMap::new();
    for (number, room) in stage.people.pairs.iter().enumerate() {
        revisions.insert(*room, stage.people.accounts[2 * number].client.room(*room).await?.revision);
    }
    Ok(found.last_seen.iter().filter(|(room, last)| revisions.get(room) != Some(last)).count() as u64)
}

impl Flood {
    /// Sends at that pace, all together, for so long; then waits for the rest.
    pub(super) async fn run(self, rate: f64, duration: Duration) -> Result<Found> {
        let counts = Arc::new(Counts::default());
        let a_tick = rate * TICK.as_secs_f64() / float(self.senders.len() as u64);
        let (begin, sockets) = (Instant::now(), self.readers.len());
        let (mut senders, mut readers) = (JoinSet::new(), JoinSet::new());
        for (number, (room, wire)) in self.readers.into_iter().enumerate() {
            let is_slow = number % 2 == 1 && number / 2 % SLOW == 0;
            let pause = if is_slow { duration } else { Duration::ZERO };
            let counts = Arc::clone(&counts);
            readers.spawn(async move { (room, read(wire, counts, pause).await) });
        }
        for (room, writer) in self.senders {
            senders.spawn(send(writer, Template::new(room), a_tick, begin + duration, Arc::clone(&counts)));
        }
        // Kept open until everybody has read to the end.
        let writers = senders.join_all().await;
        counts.is_over.store(true, Relaxed);
        let mut found = Found { sockets, written: counts.written.load(Relaxed), ..Found::default() };
        while let Some(ended) = readers.join_next().await {
            let (room, seen) = ended?;
            found.add(room, seen?);
        }
        drop(writers);
        if found.closed == 0 {
            found.unanswered = found.written - found.acked - found.refused;
        }
        Ok(found)
    }
}

impl Found {
    fn add(&mut self, room: RoomId, seen: Seen) {
        self.acked += seen.acked;
        self.refused += seen.refused;
        self.closed += u64::from(seen.is_closed);
        self.told_gaps += seen.told_gaps;
        self.silent_gaps += seen.silent_gaps;
        if let Some(last) = seen.last.filter(|_| !seen.is_closed && !seen.is_resyncing) {
            self.last_seen.push((room, last));
        }
    }
}

/// A handful each tick. What can't be written yet holds up what comes after it, and is never sent later than the end.
async fn send(
    mut writer: OwnedWriteHalf,
    template: Template,
    a_tick: f64,
    until: Instant,
    counts: Arc<Counts>,
) -> OwnedWriteHalf {
    let (mut due, mut frames) = (0.0, Vec::new());
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    while Instant::now() < until {
        ticks.tick().await;
        due += a_tick;
        frames.clear();
        let mut count = 0;
        while due >= 1.0 {
            template.put_frame(&mut frames);
            due -= 1.0;
            count += 1;
        }
        if writer.write_all(&frames).await.is_err() {
            break;
        }
        counts.written.fetch_add(count, Relaxed);
    }
    writer
}

/// Reads after a pause until nothing more comes.
async fn read(mut wire: Wire, counts: Arc<Counts>, pause: Duration) -> Result<Seen> {
    let mut seen = Seen::default();
    tokio::time::sleep(pause).await;
    loop {
        let mut pinged = false;
        while let Some(frame) = wire.pop()? {
            match frame.kind {
                Kind::Message => seen.message(seq_of(frame.payload)),
                Kind::Ack => seen.acked += 1,
                Kind::Error => seen.refused += 1,
                Kind::Resync => seen.is_resyncing = true,
                Kind::Close => seen.is_closed = true,
                Kind::Ping => pinged = true,
                Kind::Hello | Kind::Event | Kind::Packed => {}
            }
        }
        if pinged {
            wire.pong().await?;
        }
        match tokio::time::timeout(SILENCE, wire.fill()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => {
                seen.is_closed = true;
                return Ok(seen);
            }
            Err(_) if counts.is_over.load(Relaxed) => return Ok(seen),
            Err(_) => {}
        }
    }
}

impl Seen {
    fn message(&mut self, seq: Option<i64>) {
        let (Some(seq), last) = (seq, self.last) else { return };
        let is_next = last.is_none_or(|last| seq == last + 1);
        match (is_next, self.is_resyncing) {
            (true, _) => {}
            (false, true) => self.told_gaps += 1,
            (false, false) => self.silent_gaps += 1,
        }
        self.is_resyncing = false;
        self.last = Some(seq);
    }
}

/// The number of a message in its room, without reading the JSON.
fn seq_of(event: &[u8]) -> Option<i64> {
    const NAME: &[u8] = b"\"seq\":";
    let at = event.windows(NAME.len()).position(|bytes| bytes == NAME)? + NAME.len();
    let digits = event[at..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.map(|byte| i64::from(byte - b'0')).reduce(|number, digit| 10 * number + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_silent_unless_somebody_said_so() {
        let mut seen = Seen::default();
        for seq in [4, 5, 7] {
            seen.message(Some(seq));
        }
        assert_eq!((seen.silent_gaps, seen.told_gaps), (1, 0));
        seen.is_resyncing = true;
        seen.message(Some(12));
        seen.message(Some(13));
        assert_eq!((seen.silent_gaps, seen.told_gaps), (1, 1));
    }

    #[test]
    fn the_number_is_found() {
        assert_eq!(seq_of(br#"{"data":{"room":"x","seq":120,"revision":120}}"#), Some(120));
        assert_eq!(seq_of(b"{}"), None);
    }
}
