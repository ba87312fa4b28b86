//! Sends that are repeated until the server has answered them. Pure: the time comes from the caller.
//!
//! In each room one send is on its way at a time, so that a repeat can't overtake: what was said first stands first.

mod entry;

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use charla_protocol::{RoomId, messages::SendMessage};
use rand::Rng;

use crate::{Backoff, Error};
use entry::{Entry, State};

/// What waits for its answer. `T` is whatever the caller wants back with it.
#[derive(Debug)]
pub struct Outbox<T> {
    /// Oldest first. Only the first of a room has ever been sent; no queue is empty.
    rooms: BTreeMap<RoomId, VecDeque<Entry<T>>>,
    backoff: Backoff,
    answer_within: Duration,
}

impl<T> Outbox<T> {
    /// An empty one. A send that has no answer after `answer_within` is repeated.
    pub fn new(backoff: Backoff, answer_within: Duration) -> Self {
        Self { rooms: BTreeMap::new(), backoff, answer_within }
    }

    /// How many have no answer yet.
    pub fn len(&self) -> usize {
        self.rooms.values().map(VecDeque::len).sum()
    }

    /// Whether all have been answered.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// Takes a message to send under this name, which must be the sender's own for it alone.
    pub fn push(&mut self, client_id: String, mut message: SendMessage, ticket: T, now: Instant) {
        message.client_id = Some(client_id.clone());
        let queue = self.rooms.entry(message.room).or_default();
        queue.push_back(Entry { client_id, message, ticket, failures: 0, state: State::Waiting(now) });
    }

    /// What is to be sent now; it counts as on its way from now on.
    pub fn take_due(&mut self, now: Instant) -> Vec<SendMessage> {
        let until = now + self.answer_within;
        self.heads_mut().filter(|entry| entry.when() <= now).map(|entry| entry.send(until)).collect()
    }

    /// When [`take_due`](Self::take_due) next has something; none where nothing waits.
    pub fn next_due(&self) -> Option<Instant> {
        self.rooms.values().filter_map(VecDeque::front).map(Entry::when).min()
    }

    /// The server has stored it: done. None where it was answered before.
    pub fn acked(&mut self, client_id: &str) -> Option<T> {
        let room = self.head_mut(client_id)?.message.room;
        self.take_head(room)
    }

    /// The server refused it, or could not be reached. Returns the ticket where the refusal is final; else it will be
    /// repeated, not before the time the server asked for.
    pub fn failed(
        &mut self,
        client_id: &str,
        error: &Error,
        now: Instant,
        random: &mut impl Rng,
    ) -> Option<T> {
        let backoff = self.backoff;
        let entry = self.head_mut(client_id)?;
        if error.is_final() {
            let room = entry.message.room;
            return self.take_head(room);
        }
        entry.failures += 1;
        let delay = backoff.delay(entry.failures, random);
        entry.state = State::Waiting(now + delay.max(error.retry_after().unwrap_or_default()));
        None
    }

    /// The connection is gone, and with it every answer on its way: all of that is to be sent again.
    pub fn disconnected(&mut self, now: Instant) {
        for entry in self.heads_mut() {
            if let State::Sent { .. } = entry.state {
                entry.state = State::Waiting(now);
            }
        }
    }

    /// Gives up on everything.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        std::mem::take(&mut self.rooms).into_values().flatten().map(|entry| entry.ticket)
    }

    fn heads_mut(&mut self) -> impl Iterator<Item = &mut Entry<T>> {
        self.rooms.values_mut().filter_map(VecDeque::front_mut)
    }

    /// The entry of that name, if it is one that may have been sent.
    fn head_mut(&mut self, client_id: &str) -> Option<&mut Entry<T>> {
        self.heads_mut().find(|entry| entry.client_id == client_id)
    }

    fn take_head(&mut self, room: RoomId) -> Option<T> {
        let queue = self.rooms.get_mut(&room)?;
        let entry = queue.pop_front();
        if queue.is_empty() {
            self.rooms.remove(&room);
        }
        entry.map(|entry| entry.ticket)
    }
}

#[cfg(test)]
mod tests;
