//! What waits for one socket: bounded, so that a slow receiver costs nobody else time or memory.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// Events that wait for one socket at most.
pub const MAX_FRAMES: usize = 1000;
/// Bytes of events that wait for one socket at most.
pub const MAX_BYTES: usize = 1024 * 1024;

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

#[derive(Debug, Default)]
pub struct Outbox {
    queue: Mutex<Queue>,
    ready: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Utf8Bytes>,
    bytes: usize,
    /// Something that was meant for the socket has been lost since the last take.
    lost: bool,
    ping: bool,
    close: Option<Close>,
}

/// Everything that waited.
#[derive(Debug, Default)]
pub struct Taken {
    /// Events were lost: tell the client to resync, before the frames.
    pub lost: bool,
    pub frames: VecDeque<Utf8Bytes>,
    pub ping: bool,
    pub close: Option<Close>,
}

impl Outbox {
    /// Adds a frame; past the bounds all that waits is dropped instead.
    pub fn push(&self, frame: Utf8Bytes) {
        let mut queue = self.queue.lock();
        if queue.close.is_some() {
            return;
        }
        if queue.frames.len() >= MAX_FRAMES || queue.bytes + frame.len() > MAX_BYTES {
            *queue = Queue { lost: true, ping: queue.ping, ..Queue::default() };
        } else {
            queue.bytes += frame.len();
            queue.frames.push_back(frame);
        }
        drop(queue);
        self.ready.notify_one();
    }

    /// Has the client resync: something has been lost on the way here.
    pub fn lose(&self) {
        self.queue.lock().lost = true;
        self.ready.notify_one();
    }

    /// Asks the other end for a sign of life.
    pub fn ping(&self) {
        self.queue.lock().ping = true;
        self.ready.notify_one();
    }

    /// Ends the socket once what waits is written. The first reason counts.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert(close);
        self.ready.notify_one();
    }

    /// The reason for which the socket is to end, once there is one.
    pub fn closing(&self) -> Option<Close> {
        self.queue.lock().close
    }

    /// Waits until there is something, and takes all of it.
    pub async fn take(&self) -> Taken {
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            self.ready.notified().await;
        }
    }

    /// Waits until something is added.
    pub async fn added(&self) {
        self.ready.notified().await;
    }

    fn try_take(&self) -> Option<Taken> {
        let mut queue = self.queue.lock();
        if queue.frames.is_empty() && !queue.lost && !queue.ping && queue.close.is_none() {
            return None;
        }
        let Queue { frames, lost, ping, close, .. } = std::mem::take(&mut *queue);
        queue.close = close;
        Some(Taken { lost, frames, ping, close })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Utf8Bytes {
        Utf8Bytes::from(text.to_owned())
    }

    #[tokio::test]
    async fn frames_come_out_in_their_order() {
        let outbox = Outbox::default();
        outbox.push(frame("1"));
        outbox.push(frame("2"));
        assert_eq!(outbox.take().await.frames, [frame("1"), frame("2")]);
    }

    #[tokio::test]
    async fn too_many_frames_are_dropped_and_said_to_be() {
        let outbox = Outbox::default();
        for _ in 0..=MAX_FRAMES {
            outbox.push(frame("x"));
        }
        outbox.push(frame("after"));
        let taken = outbox.take().await;
        assert!(taken.lost);
        assert_eq!(taken.frames, [frame("after")]);
    }

    #[tokio::test]
    async fn too_many_bytes_are_dropped_and_said_to_be() {
        let outbox = Outbox::default();
        outbox.push(frame(&"x".repeat(MAX_BYTES)));
        assert!(!outbox.queue.lock().lost);
        outbox.push(frame("x"));
        assert!(outbox.take().await.lost);
    }

    #[tokio::test]
    async fn closing_keeps_what_waits_and_takes_nothing_more() {
        let outbox = Outbox::default();
        outbox.push(frame("last"));
        outbox.close(Close::SessionEnded);
        outbox.close(Close::Flood);
        outbox.push(frame("late"));
        let taken = outbox.take().await;
        assert_eq!(taken.frames, [frame("last")]);
        assert_eq!(taken.close, Some(Close::SessionEnded));
    }
}
