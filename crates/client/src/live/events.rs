//! What each event from the server does to the rooms and to the outbox.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use charla_protocol::{
    RoomId,
    events::{Ack, ErrorData, Event, Hello, ServerFrame},
    messages::Message,
};

use super::{Sent, Status, link::Link, task::Task};
use crate::{Error, Outcome};

impl Task {
    pub(super) fn take_frame(&mut self, frame: ServerFrame) {
        if self.shared.frames.receiver_count() > 0 {
            // Nobody may be left to receive it by now.
            drop(self.shared.frames.send(Arc::new(frame.clone())));
        }
        match frame.event {
            Event::Hello(hello) => self.greet(&hello),
            Event::Message(message) | Event::MessageEdited(message) | Event::MessageDeleted(message) => {
                self.take_message(*message);
            }
            Event::Reaction(reacted) => self.take_message(reacted.message),
            Event::Ack(ack) => self.take_ack(ack),
            Event::Error(error) => self.take_error(error),
            Event::Resync(_) => self.resync(frame.room_id),
            Event::RoomAdded(room) if self.is_kept(room.id) => self.keep(room.id, Some(room.revision)),
            Event::RoomRemoved(removed) => self.forget(removed.id),
            _ => {}
        }
    }

    /// Keeps a room, and learns of its revision.
    pub(super) fn keep(&mut self, room: RoomId, revision: Option<i64>) {
        let mut rooms = self.shared.rooms.lock();
        let timeline = rooms.entry(room).or_default();
        if timeline.hello(revision.unwrap_or_default()).is_some() {
            self.fetches.want(room);
        }
    }

    pub(super) fn forget(&mut self, room: RoomId) {
        self.shared.rooms.lock().remove(&room);
        self.shared.changed();
    }

    /// A message of one's own under a name that still waits for its answer is that answer.
    pub(super) fn acknowledge(&mut self, messages: &[Message]) {
        if self.outbox.is_empty() {
            return;
        }
        for message in messages.iter().filter(|message| Some(message.sender.id) == self.me) {
            if let Some(client_id) = &message.client_id
                && let Some(ticket) = self.outbox.acked(client_id)
            {
                // Whoever sent it may have stopped waiting.
                drop(ticket.send(Ok(Sent::from_message(client_id, message))));
            }
        }
    }

    fn is_kept(&self, room: RoomId) -> bool {
        self.options.follow_all || self.followed.contains(&room)
    }

    fn greet(&mut self, hello: &Hello) {
        if let Link::Up { heartbeat, .. } = &mut self.link {
            *heartbeat = Some(Duration::from_secs(hello.heartbeat_s));
        }
        self.failures = 0;
        self.me = Some(hello.user.user.id);
        let mine: HashSet<RoomId> = hello.rooms.iter().map(|room| room.id).collect();
        self.shared.rooms.lock().retain(|id, _| mine.contains(id));
        for room in &hello.rooms {
            if self.is_kept(room.id) {
                self.keep(room.id, Some(room.revision));
            }
        }
        self.shared.set_status(Status::Online);
    }

    fn take_message(&mut self, message: Message) {
        self.acknowledge(std::slice::from_ref(&message));
        let room = message.room;
        if !self.is_kept(room) {
            return;
        }
        if let Outcome::Gap(_) = self.shared.rooms.lock().entry(room).or_default().apply(message) {
            self.fetches.want(room);
        }
        self.shared.changed();
    }

    fn take_ack(&mut self, ack: Ack) {
        let Some(ticket) = self.outbox.acked(&ack.client_id) else { return };
        let missing = || Error::Ended("an ack without the message's id".to_owned());
        drop(ticket.send(Sent::from_ack(ack).ok_or_else(missing)));
    }

    fn take_error(&mut self, error: ErrorData) {
        let Some(client_id) = error.client_id.clone() else {
            tracing::debug!(?error, "the server refused something");
            return;
        };
        let error = Error::Refused(Box::new(error));
        let random = &mut *self.shared.random.lock();
        if let Some(ticket) = self.outbox.failed(&client_id, &error, Instant::now(), random) {
            drop(ticket.send(Err(error)));
        }
    }

    fn resync(&mut self, room: Option<RoomId>) {
        let mut rooms = self.shared.rooms.lock();
        for (id, timeline) in rooms.iter_mut().filter(|(id, _)| room.is_none_or(|room| room == **id)) {
            timeline.resync();
            self.fetches.want(*id);
        }
    }
}
