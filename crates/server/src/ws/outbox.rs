//! What goes out on one socket, in one order: written at once where the kernel takes it, kept where not. What is kept is bounded,
//! so that a slow receiver costs nobody else time or memory.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    sync::{Arc, LazyLock},
    task::{Context, Poll, ready},
};

use charla_protocol::{
    RoomId,
    events::{Empty, Event, ServerFrame},
};
use futures_util::task::AtomicWaker;
use parking_lot::Mutex;

use super::{
    Meter,
    socket::{Frame, Line},
};
use crate::delivery::encode;

/// Events that wait for one socket at most.
pub const MAX_FRAMES: usize = 1000;
/// Bytes of events that wait for one socket at most.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Frames that are written at a time.
const AT_A_TIME: usize = 64;
/// How long the kernel may take nothing before the other end counts as gone, in milliseconds.
const STUCK_FOR: i64 = 30_000;
/// An empty queue that could hold more gives its memory back.
const KEPT_ROOM: usize = 4;

/// Why the server ends a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    Flood,
    Restarting,
    SessionEnded,
    /// The account's e-mail address is to be verified first: a handshake would say so.
    Unverified,
    RemovedFromRoom,
    /// Nothing was heard from the other end for too long: there is nobody to tell.
    Vanished,
}

impl Close {
    /// The close code and reason, where the other end can still be told.
    pub const fn code(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Flood => Some((1008, "flood")),
            Self::Restarting => Some((1012, "restarting")),
            Self::SessionEnded => Some((4401, "session ended")),
            Self::Unverified => Some((4401, "email not verified")),
            Self::RemovedFromRoom => Some((4403, "removed from the room")),
            Self::Vanished => None,
        }
    }
}

/// How soon an event goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// At once: a write for each event and socket.
    Now,
    /// More comes in a moment: the socket's task writes all of it with one.
    WithMore,
}

/// The writing end of a socket.
#[derive(Debug)]
pub struct Outbox {
    line: Line,
    is_compressing: bool,
    /// The one room of a room socket: it stands in what is said to the socket.
    room: Option<RoomId>,
    queue: Mutex<Queue>,
    /// The socket's task: woken when it has something to do here.
    task: AtomicWaker,
    meter: Arc<Meter>,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Frame>,
    /// Bytes of these frames, uncompressed.
    bytes: usize,
    /// How much of the first of them is written.
    written: usize,
    /// The greeting is out: nothing goes before it.
    is_open: bool,
    /// The kernel takes nothing now.
    is_full: bool,
    /// When it was first seen to take nothing, by the ticks of the clock.
    stuck_since: Option<i64>,
    /// The client is being told to resync.
    resyncs: bool,
    is_pinging: bool,
    close: Option<Close>,
    /// Nothing can be written any more.
    is_broken: bool,
}

/// What the outbox wants of its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// The other end is gone.
    GiveUp,
    /// What waits is to be written, and then this said.
    Close(Close),
}

impl Outbox {
    /// Keeps everything until [`Outbox::open`].
    pub(super) fn new(line: Line, is_compressing: bool, room: Option<RoomId>, meter: Arc<Meter>) -> Self {
        Self { line, is_compressing, room, queue: Mutex::default(), task: AtomicWaker::new(), meter }
    }

    pub(super) const fn line(&self) -> &Line {
        &self.line
    }

    /// Sends the greeting, and after it what has waited for that.
    pub(super) fn open(&self, greeting: Frame) {
        let mut queue = self.queue.lock();
        queue.bytes += greeting.len();
        queue.frames.push_front(greeting);
        queue.is_open = true;
        drop(queue);
        self.task.wake();
    }

    /// Adds an event; past the bounds all that waits is dropped instead, and the client told to resync.
    pub(crate) fn push(&self, frame: Frame, pace: Pace) {
        let mut queue = self.queue.lock();
        if queue.close.is_some() || queue.is_broken {
            return;
        }
        if queue.frames.len() >= MAX_FRAMES || queue.bytes + frame.len() > MAX_BYTES {
            self.meter.overflows.increment();
            queue.clear();
            queue.resync(self.room);
        }
        let was_empty = queue.frames.is_empty();
        queue.add(frame);
        if was_empty && pace == Pace::Now && queue.is_open {
            self.write(&mut queue);
        }
        let is_left = queue.is_full || !queue.frames.is_empty() || queue.is_broken;
        drop(queue);
        if was_empty && is_left {
            self.task.wake();
        }
    }

    /// Has the client resync: something has been lost on the way here.
    pub fn lose(&self) {
        self.meter.losses.increment();
        let mut queue = self.queue.lock();
        if queue.close.is_none() {
            queue.resync(self.room);
            drop(queue);
            self.task.wake();
        }
    }

    /// Asks the other end for a sign of life.
    pub fn ping(&self) {
        let mut queue = self.queue.lock();
        if !queue.is_pinging && queue.close.is_none() {
            queue.is_pinging = true;
            queue.add(PING.clone());
            drop(queue);
            self.task.wake();
        }
    }

    /// Answers what is no event. It counts like one.
    pub(super) fn answer(&self, frame: Frame) {
        self.push(frame, Pace::Now);
    }

    /// Ends the socket once what waits is written. The first reason counts.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert(close);
        self.task.wake();
    }

    /// Resolves once the socket is to end. For its task alone.
    pub(super) async fn closing(&self) -> Close {
        std::future::poll_fn(|cx| {
            self.task.register(cx.waker());
            self.queue.lock().close.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// Gives the socket up if the kernel has been taking nothing for too long.
    pub(super) fn look(&self, ticks: i64) {
        let mut queue = self.queue.lock();
        if !queue.is_full {
            return;
        }
        let since = *queue.stuck_since.get_or_insert(ticks);
        if ticks - since >= STUCK_FOR {
            queue.is_broken = true;
            drop(queue);
            self.task.wake();
        }
    }

    /// Writes for as long as there is something, and gives what else is wanted.
    pub(super) fn poll_wish(&self, cx: &mut Context<'_>) -> Poll<Wish> {
        self.task.register(cx.waker());
        loop {
            let mut queue = self.queue.lock();
            if queue.is_broken || queue.close == Some(Close::Vanished) {
                return Poll::Ready(Wish::GiveUp);
            }
            if let Some(close) = queue.close {
                return Poll::Ready(Wish::Close(close));
            }
            if !self.has_work(&queue) {
                return Poll::Pending;
            }
            self.write(&mut queue);
            let is_full = queue.is_full;
            drop(queue);
            if is_full {
                // A failure shows in the next write.
                ready!(self.line.poll_writable(cx)).ok();
            }
        }
    }

    /// Writes what waits, and says goodbye. What comes after that is dropped.
    pub(super) async fn finish(&self, goodbye: Frame) -> io::Result<()> {
        {
            let mut queue = self.queue.lock();
            // Whatever the reason: nothing goes behind a goodbye.
            queue.close.get_or_insert(Close::Vanished);
            if !queue.is_open {
                queue.clear();
                queue.is_open = true;
            }
            queue.add(goodbye);
        }
        std::future::poll_fn(|cx| {
            loop {
                let mut queue = self.queue.lock();
                if !queue.is_broken {
                    self.write(&mut queue);
                }
                match (queue.is_broken, queue.is_full) {
                    (true, _) => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                    (false, false) => return Poll::Ready(Ok(())),
                    (false, true) => drop(queue),
                }
                ready!(self.line.poll_writable(cx))?;
            }
        })
        .await
    }

    /// Whether there is something that may be written.
    fn has_work(&self, queue: &Queue) -> bool {
        (queue.is_open && !queue.frames.is_empty()) || self.line.is_waiting()
    }

    /// Writes until the kernel takes no more, or has all.
    fn write(&self, queue: &mut Queue) {
        let (waiting, mut bytes) = (queue.frames.len(), 0);
        let taken = loop {
            if !queue.is_open || queue.frames.is_empty() {
                break self.line.try_flush();
            }
            match self.write_some(queue) {
                Ok(Some(written)) => {
                    queue.count(written, self.is_compressing);
                    bytes += written;
                }
                Ok(None) => break Ok(false),
                Err(error) => break Err(error),
            }
        };
        match taken {
            Ok(true) => queue.flows(),
            Ok(false) => queue.is_full = true,
            Err(_) => queue.is_broken = true,
        }
        self.meter.wrote(waiting - queue.frames.len(), bytes);
    }

    fn write_some(&self, queue: &Queue) -> io::Result<Option<usize>> {
        let first = &queue.frames[0].bytes(self.is_compressing)[queue.written..];
        if queue.frames.len() == 1 {
            return self.line.try_write(&[IoSlice::new(first)]);
        }
        let mut pieces = [IoSlice::new(&[]); AT_A_TIME];
        pieces[0] = IoSlice::new(first);
        for (piece, frame) in pieces.iter_mut().zip(&queue.frames).skip(1) {
            *piece = IoSlice::new(frame.bytes(self.is_compressing));
        }
        self.line.try_write(&pieces[..queue.frames.len().min(AT_A_TIME)])
    }
}

impl Queue {
    fn add(&mut self, frame: Frame) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    /// Drops what waits, but for what has been begun.
    fn clear(&mut self) {
        self.frames.truncate((self.written > 0).into());
        self.bytes = self.frames.iter().map(Frame::len).sum();
        (self.resyncs, self.is_pinging) = (false, false);
    }

    /// Tells the client to resync, unless that waits already.
    fn resync(&mut self, room: Option<RoomId>) {
        if !std::mem::replace(&mut self.resyncs, true) {
            self.add(room.map_or_else(|| RESYNC.clone(), |room| resync(Some(room))));
        }
    }

    /// The kernel takes what comes.
    fn flows(&mut self) {
        (self.is_full, self.stuck_since) = (false, None);
    }

    /// So many bytes more have been written.
    fn count(&mut self, written: usize, is_compressing: bool) {
        self.flows();
        self.written += written;
        while let Some(first) = self.frames.front() {
            let length = first.bytes(is_compressing).len();
            if self.written < length {
                return;
            }
            self.written -= length;
            self.bytes -= first.len();
            self.frames.pop_front();
        }
        (self.resyncs, self.is_pinging) = (false, false);
        if self.frames.capacity() > KEPT_ROOM {
            self.frames = VecDeque::new();
        }
    }
}

static PING: LazyLock<Frame> = LazyLock::new(Frame::ping);
static RESYNC: LazyLock<Frame> = LazyLock::new(|| resync(None));

/// Tells a client to ask for what it has missed: in a room, or in all of them.
pub(super) fn resync(room_id: Option<RoomId>) -> Frame {
    event(ServerFrame { room_id, event: Event::Resync(Empty {}) })
}

/// An event as it goes over the wire.
pub(super) fn event(frame: ServerFrame) -> Frame {
    Frame::text(&String::from_utf8_lossy(&encode(frame)))
}

#[cfg(test)]
mod tests;
