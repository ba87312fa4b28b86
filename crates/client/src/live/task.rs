//! The task behind a live client: one loop over commands, the connection, pages, and the clock.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use charla_protocol::{
    RoomId, UserId,
    actions::{Action, ClientFrame},
    messages::SendMessage,
};
use tokio::sync::{mpsc, oneshot};

use super::{
    LiveOptions, Sent, Status,
    fetch::{Fetched, Fetches, Page},
    link::{Link, Turn, sleep_until},
    shared::Shared,
};
use crate::{Error, Gap, Incoming, Outbox, Outcome, Result};

/// The close code of a session that has ended.
const SESSION_ENDED: u16 = 4401;

/// What the handles ask of the task.
#[derive(Debug)]
pub(super) enum Command {
    Follow(RoomId),
    Send { client_id: String, message: Box<SendMessage>, ticket: Ticket },
    Act(Box<ClientFrame>),
    Cut,
    Close,
}

pub(super) type Ticket = oneshot::Sender<Result<Sent>>;

pub(super) struct Task {
    pub(super) shared: Arc<Shared>,
    pub(super) options: LiveOptions,
    pub(super) outbox: Outbox<Ticket>,
    pub(super) fetches: Fetches,
    pub(super) link: Link,
    /// Attempts to connect that failed since the last `hello`.
    pub(super) failures: u32,
    /// The rooms that were asked for, besides those that are kept anyhow.
    pub(super) followed: HashSet<RoomId>,
    /// Who this is; known from the first `hello` on.
    pub(super) me: Option<UserId>,
    /// Why it is over.
    pub(super) ended: Option<String>,
    commands: mpsc::UnboundedReceiver<Command>,
}

impl Task {
    pub(super) fn new(
        shared: Arc<Shared>,
        options: LiveOptions,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        Self {
            outbox: Outbox::new(options.backoff, options.answer_within),
            fetches: Fetches::default(),
            link: Link::open(shared.client.clone()),
            failures: 0,
            followed: HashSet::new(),
            me: None,
            ended: None,
            shared,
            options,
            commands,
        }
    }

    pub(super) async fn run(mut self) {
        while self.ended.is_none() {
            self.start_fetches();
            self.send_due().await;
            let due = self.link.greeted().is_some().then(|| self.outbox.next_due()).flatten();
            tokio::select! {
                command = self.commands.recv() => self.obey(command.unwrap_or(Command::Close)).await,
                turn = self.link.turn() => self.follow(turn),
                fetched = self.fetches.next() => self.take_page(&fetched),
                () = sleep_until(due) => {}
            }
        }
        self.end().await;
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Follow(room) => {
                self.followed.insert(room);
                self.keep(room, None);
            }
            Command::Send { client_id, message, ticket } => {
                self.outbox.push(client_id, *message, ticket, Instant::now());
            }
            Command::Act(frame) => {
                if let Err(error) = self.link.send(&frame).await {
                    tracing::debug!(%error, "an action was lost");
                }
            }
            Command::Cut => self.lose(&Error::Ended("cut".to_owned()), None),
            Command::Close => self.ended = Some("closed".to_owned()),
        }
    }

    fn follow(&mut self, turn: Turn) {
        match turn {
            Turn::Due => {
                self.shared.set_status(Status::Connecting);
                self.link = Link::open(self.shared.client.clone());
            }
            Turn::Opened(socket) => self.link = Link::Up { socket, heartbeat: None },
            Turn::Came(Incoming::Frame(frame)) => self.take_frame(frame),
            Turn::Came(Incoming::Unknown { kind, reason }) => tracing::debug!(kind, reason, "ignored"),
            Turn::Came(Incoming::Closed { code: Some(SESSION_ENDED), reason }) => {
                self.ended = Some(format!("the session has ended: {reason}"));
            }
            Turn::Came(Incoming::Closed { code, reason }) => {
                self.lose(&Error::Ended(format!("closed with {code:?}: {reason}")), None);
            }
            // A refusal for good: waiting does not help.
            Turn::Failed(error) if error.status().is_some() && error.is_final() => {
                self.ended = Some(error.to_string());
            }
            Turn::Failed(error) => self.lose(&error, error.retry_after()),
        }
    }

    /// The connection is gone: waits, at least as long as the server asked for, and tries again.
    fn lose(&mut self, error: &Error, at_least: Option<Duration>) {
        self.failures += 1;
        let delay = self.options.backoff.delay(self.failures, &mut *self.shared.random.lock());
        let delay = delay.max(at_least.unwrap_or_default());
        tracing::debug!(%error, ?delay, "connection lost");
        let now = Instant::now();
        self.link = Link::Down { until: now + delay };
        self.outbox.disconnected(now);
        self.shared.set_status(Status::Waiting);
    }

    async fn send_due(&mut self) {
        if self.link.greeted().is_none() {
            return;
        }
        for message in self.outbox.take_due(Instant::now()) {
            if let Err(error) = self.link.send(&send_frame(message)).await {
                return self.lose(&error, None);
            }
        }
    }

    /// Asks for the pages that are wanted, as far as there is room.
    fn start_fetches(&mut self) {
        for (room, failures) in self.fetches.take_ready(self.options.max_fetches) {
            let Some((asked, is_loaded)) = self.shared.gap(room) else { continue };
            let newest = !is_loaded || asked.behind > self.options.too_far;
            let delay = match failures {
                0 => Duration::ZERO,
                _ => self.options.backoff.delay(failures, &mut *self.shared.random.lock()),
            };
            self.fetches.start(self.shared.client.clone(), room, asked, newest, &self.options, delay);
        }
    }

    fn take_page(&mut self, fetched: &Fetched) {
        let room = fetched.room;
        match &fetched.page {
            Ok(page) => {
                self.acknowledge(page.messages());
                self.apply_page(room, fetched.asked, page);
                self.shared.changed();
            }
            Err(error) if error.status() == Some(401) => self.ended = Some(error.to_string()),
            // No longer a member, or the room is gone.
            Err(error) if error.is_final() => self.forget(room),
            Err(error) => {
                tracing::debug!(%room, %error, "catching up failed");
                self.fetches.failed(room);
            }
        }
    }

    fn apply_page(&mut self, room: RoomId, asked: Gap, page: &Page) {
        let mut rooms = self.shared.rooms.lock();
        let Some(timeline) = rooms.get_mut(&room) else { return };
        let before = (timeline.revision(), timeline.gap());
        let outcome = page.apply(asked, timeline);
        let moved = before != (timeline.revision(), timeline.gap());
        if moved {
            self.fetches.succeeded(room);
        }
        match outcome {
            Outcome::Gap(_) if moved => self.fetches.want(room),
            // The answer does not know yet what an event told: ask again, later.
            Outcome::Gap(_) => self.fetches.failed(room),
            Outcome::Applied | Outcome::Ignored => {}
        }
    }

    async fn end(mut self) {
        let reason = self.ended.take().unwrap_or_default();
        if let Some(socket) = self.link.greeted() {
            // Polite, and no more than that.
            drop(tokio::time::timeout(Duration::from_secs(1), socket.close()).await);
        }
        for ticket in self.outbox.drain() {
            drop(ticket.send(Err(Error::Ended(reason.clone()))));
        }
        self.shared.set_status(Status::Ended(reason));
    }
}

fn send_frame(message: SendMessage) -> ClientFrame {
    ClientFrame {
        room_id: Some(message.room),
        client_id: message.client_id,
        action: Action::SendMessage {
            content: message.content,
            message_type: message.message_type,
            reply_to_id: message.reply_to_id,
            attachment_ids: message.attachment_ids,
        },
    }
}
