//! One room of a live client.

use std::{sync::Arc, time::Duration};

use charla_protocol::{
    RoomId,
    messages::{Message, MessageType, SendMessage},
};
use tokio::sync::mpsc;

use super::{Receipt, Status, shared::Shared, task::Command};
use crate::{Error, Place, Result, RoomTimeline};

/// What a room showed at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The last revision applied.
    pub revision: i64,
    /// Whether nothing is known to be missing.
    pub is_current: bool,
    /// Whether there are older messages to load.
    pub has_older: bool,
    /// In order of `seq`.
    pub messages: Vec<Arc<Message>>,
}

impl Snapshot {
    fn of(timeline: &RoomTimeline) -> Self {
        Self {
            revision: timeline.revision(),
            is_current: timeline.gap().is_none(),
            has_older: timeline.has_older(),
            messages: timeline.messages().cloned().collect(),
        }
    }

    /// What the messages say, in order.
    pub fn contents(&self) -> Vec<&str> {
        self.messages.iter().map(|message| message.content.as_str()).collect()
    }
}

/// A handle on one room; the room is kept as long as its [`LiveClient`](super::LiveClient) runs.
#[derive(Clone, Debug)]
pub struct LiveRoom {
    id: RoomId,
    shared: Arc<Shared>,
    commands: mpsc::UnboundedSender<Command>,
}

impl LiveRoom {
    pub(super) fn new(id: RoomId, shared: Arc<Shared>, commands: mpsc::UnboundedSender<Command>) -> Self {
        Self { id, shared, commands }
    }

    pub fn id(&self) -> RoomId {
        self.id
    }

    /// What the room shows now; none where it is not kept (yet, or any more).
    pub fn snapshot(&self) -> Option<Snapshot> {
        self.shared.rooms.lock().get(&self.id).map(Snapshot::of)
    }

    /// Sends a text. It is on its way with this call; the receipt tells when it is stored.
    pub fn send(&self, content: impl Into<String>) -> Receipt {
        self.send_message(SendMessage {
            room: self.id,
            content: content.into(),
            message_type: MessageType::Text,
            reply_to_id: None,
            attachment_ids: Vec::new(),
            client_id: None,
        })
    }

    /// Sends a message to this room, under its own `client_id` where it has one.
    pub fn send_message(&self, mut message: SendMessage) -> Receipt {
        message.room = self.id;
        let client_id = message.client_id.take().unwrap_or_else(|| self.shared.new_client_id());
        let (ticket, receipt) = Receipt::new(client_id.clone());
        // Where the task has ended the ticket is dropped, and the receipt says so.
        drop(self.commands.send(Command::Send { client_id, message: Box::new(message), ticket }));
        receipt
    }

    /// Loads the page before the oldest message shown. False where there is none.
    ///
    /// # Errors
    /// As every call.
    pub async fn load_older(&self, limit: Option<u32>) -> Result<bool> {
        let Some(before) = self.oldest_with_older() else { return Ok(false) };
        let page = self.shared.client.room_messages(self.id, Place::Before(before), limit).await?;
        let fitted =
            self.shared.rooms.lock().get_mut(&self.id).is_some_and(|room| room.load_older(before, &page));
        self.shared.changed();
        Ok(fitted)
    }

    /// Waits until the room is as the condition has it. Wakes with each change; polls nothing.
    ///
    /// # Errors
    /// [`Error::Timeout`]; [`Error::Ended`] where it can't come true any more.
    pub async fn wait_until(
        &self,
        mut condition: impl FnMut(&Snapshot) -> bool,
        timeout: Duration,
    ) -> Result<Snapshot> {
        let mut changes = self.shared.version.subscribe();
        let fulfilled = async {
            loop {
                changes.mark_unchanged();
                if let Some(snapshot) = self.snapshot().filter(&mut condition) {
                    return Ok(snapshot);
                }
                if let Status::Ended(reason) = &*self.shared.status.borrow() {
                    return Err(Error::Ended(reason.clone()));
                }
                changes.changed().await.map_err(|_| Error::Ended("dropped".to_owned()))?;
            }
        };
        tokio::time::timeout(timeout, fulfilled).await.map_err(|_| Error::Timeout(timeout))?
    }

    fn oldest_with_older(&self) -> Option<charla_protocol::MessageId> {
        let rooms = self.shared.rooms.lock();
        let timeline = rooms.get(&self.id).filter(|timeline| timeline.has_older())?;
        timeline.messages().next().map(|message| message.id)
    }
}
