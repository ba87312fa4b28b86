//! What comes in on the connections.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use redis::{PushInfo, PushKind, Value};
use tokio::sync::mpsc;

use super::{
    channels::Channels,
    error::Error,
    settings::Place,
    shared::Shared,
    wire::{Message, Pen, Unreadable},
};
use crate::Listener;

/// Takes what Redis sends by itself. It is called from the tasks that read the connections, and hands on without a queue: a
/// listener that is slow slows down the reading.
#[derive(Debug)]
pub(super) struct Receiver {
    pen: Pen,
    pub(super) channels: Channels,
    pub(super) listener: Weak<dyn Listener>,
    shared: Arc<Shared>,
    /// Another node has lost something that it wanted to publish.
    has_missed: AtomicBool,
}

/// How one connection is told about.
#[derive(Debug)]
pub(super) struct Ear {
    pub(super) place: Place,
    /// How many confirmations of `UNSUBSCRIBE` are awaited: more of them mean that Redis has unsubscribed us.
    pub(super) leaving: AtomicUsize,
    /// How much has come in.
    pub(super) heard: AtomicUsize,
    pub(super) breaks: mpsc::Sender<Error>,
}

impl Receiver {
    pub(super) fn new(
        pen: Pen,
        channels: Channels,
        listener: Weak<dyn Listener>,
        shared: Arc<Shared>,
    ) -> Self {
        Self { pen, channels, listener, shared, has_missed: AtomicBool::new(false) }
    }

    pub(super) fn take(&self, ear: &Ear, push: &PushInfo) {
        ear.heard.fetch_add(1, Ordering::Relaxed);
        match push.kind {
            PushKind::Message | PushKind::SMessage => self.take_message(&push.data),
            PushKind::Unsubscribe | PushKind::SUnsubscribe => ear.note_unsubscribed(),
            PushKind::Disconnection => ear.note(Error::Closed(ear.place.clone())),
            _ => {}
        }
    }

    /// Whether something was missed since this was asked the last time.
    pub(super) fn has_missed(&self) -> bool {
        self.has_missed.swap(false, Ordering::Relaxed)
    }

    fn take_message(&self, data: &[Value]) {
        let [Value::BulkString(channel), Value::BulkString(message)] = data else {
            return self.shared.foreign.note();
        };
        let Some(topic) = self.channels.topic(channel) else { return self.shared.foreign.note() };
        match self.pen.decode(topic, message) {
            Ok(None) => {}
            Ok(Some(Message::Delivery(delivery))) => {
                self.shared.meter.received.increment();
                if let Some(listener) = self.listener.upgrade() {
                    listener.deliver(topic, &delivery);
                }
            }
            Ok(Some(Message::Missed)) => self.has_missed.store(true, Ordering::Relaxed),
            Err(Unreadable) => self.shared.foreign.note(),
        }
    }
}

impl Ear {
    pub(super) fn new(place: Place, breaks: mpsc::Sender<Error>) -> Self {
        Self { place, leaving: AtomicUsize::new(0), heard: AtomicUsize::new(0), breaks }
    }

    fn note_unsubscribed(&self) {
        let one_less = |left: usize| left.checked_sub(1);
        if self.leaving.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err() {
            self.note(Error::Unsubscribed(self.place.clone()));
        }
    }

    /// The first break counts.
    fn note(&self, error: Error) {
        self.breaks.try_send(error).ok();
    }
}
