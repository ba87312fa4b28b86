//! People who write as fast as they are answered, and repeat what has no answer under the same `client_id`.

use std::{collections::VecDeque, time::Duration};

use charla_client::{Client, Door, Incoming, LiveClient, Result, Socket};
use charla_protocol::{
    MessageId, RoomId,
    actions::{Action, ClientFrame},
    events::{Ack, Event},
    messages::{MessageType, SendMessage},
};
use uuid::Uuid;

use super::book::{Book, Change, Entry};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(20);
/// A send without an answer after this is repeated.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Sends without an answer of the writer that does not wait.
const WINDOW: usize = 8;

/// Who writes, where, and under which number.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(crate) book: Book,
    pub(crate) client: Client,
    pub(crate) room: RoomId,
    pub(crate) number: usize,
}

/// A send that has no answer yet.
struct Pending {
    number: usize,
    client_id: String,
    /// What was acknowledged before it was first sent.
    floor: i64,
}

impl Writer {
    /// Through a [`LiveClient`], which repeats by itself.
    pub(crate) async fn write_live(self, live: LiveClient) {
        let room = live.room(self.room);
        for number in 0.. {
            if self.book.is_over() {
                return;
            }
            let floor = self.book.floor(self.room);
            let sent = room.send(self.content(number)).await.expect("the message is stored in the end");
            let seq = sent.revision.expect("an answer to a send has a revision");
            let pending = Pending { number, client_id: sent.client_id, floor };
            self.note(pending, sent.id, seq).await;
        }
    }

    /// Over REST.
    pub(crate) async fn write_rest(self) {
        for number in 0.. {
            if self.book.is_over() {
                return;
            }
            let pending = self.pending(number);
            let body = message(self.room, &pending.client_id, self.content(number));
            let made = loop {
                if let Some(made) = answered(self.client.send_message(&body).await).await {
                    break made.value;
                }
            };
            self.note(pending, made.id, made.seq).await;
        }
    }

    /// Over a socket, without waiting for one answer before the next send.
    pub(crate) async fn write_pipelined(self) {
        let mut waiting = VecDeque::new();
        let mut next = 0;
        loop {
            match self.client.socket(Door::All).await {
                Ok(socket) => {
                    if self.pipeline(socket, &mut waiting, &mut next).await.is_some() {
                        return;
                    }
                }
                Err(error) => assert!(!error.is_final(), "{error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Until all is said; none where the socket broke before.
    async fn pipeline(
        &self,
        mut socket: Socket,
        waiting: &mut VecDeque<Pending>,
        next: &mut usize,
    ) -> Option<()> {
        for pending in waiting.iter() {
            self.send(&mut socket, pending).await?;
        }
        loop {
            while waiting.len() < WINDOW && !self.book.is_over() {
                let pending = self.pending(*next);
                *next += 1;
                // In line before it is sent: a send that fails may have arrived.
                waiting.push_back(pending);
                self.send(&mut socket, waiting.back()?).await?;
            }
            if waiting.is_empty() {
                return Some(());
            }
            match tokio::time::timeout(ANSWER_WITHIN, socket.next()).await.ok()?.ok()? {
                Incoming::Frame(frame) => match frame.event {
                    Event::Ack(ack) => self.take_ack(waiting, ack),
                    Event::Error(error) => {
                        assert!(error.code.status() >= 500, "refused: {error:?}");
                        return None;
                    }
                    _ => {}
                },
                Incoming::Unknown { .. } => {}
                Incoming::Closed { code, .. } => {
                    self.book.socket_closed(code);
                    return None;
                }
            }
        }
    }

    async fn send(&self, socket: &mut Socket, pending: &Pending) -> Option<()> {
        let action = Action::SendMessage {
            content: self.content(pending.number),
            message_type: MessageType::Text,
            reply_to_id: None,
            attachment_ids: Vec::new(),
        };
        let client_id = Some(pending.client_id.clone());
        socket.send(&ClientFrame { room_id: Some(self.room), client_id, action }).await.ok()
    }

    fn take_ack(&self, waiting: &mut VecDeque<Pending>, ack: Ack) {
        let at = waiting.iter().position(|pending| pending.client_id == ack.client_id);
        let pending = at.and_then(|at| waiting.remove(at)).expect("one answer to each send");
        let (id, seq) = ack.id.zip(ack.revision).expect("an answer to a send names the message");
        let entry = self.entry(&pending, id, seq);
        self.book.acked(pending.floor, entry);
    }

    fn pending(&self, number: usize) -> Pending {
        Pending { number, client_id: Uuid::new_v4().to_string(), floor: self.book.floor(self.room) }
    }

    fn content(&self, number: usize) -> String {
        format!("{} says {number}", self.number)
    }

    fn entry(&self, pending: &Pending, id: MessageId, seq: i64) -> Entry {
        Entry {
            room: self.room,
            client_id: pending.client_id.clone(),
            id,
            seq,
            writer: self.number,
            number: pending.number,
            content: self.content(pending.number),
            change: Change::None,
        }
    }

    /// Notes the message; some of them are edited or deleted then.
    async fn note(&self, pending: Pending, id: MessageId, seq: i64) {
        self.book.acked(pending.floor, self.entry(&pending, id, seq));
        if pending.number % 5 == 2 {
            let content = format!("{}, edited", self.content(pending.number));
            while answered(self.client.edit_message(id, &content).await).await.is_none() {}
            self.book.changed(id, Some(content));
        } else if pending.number % 7 == 3 {
            while answered(self.client.delete_message(id).await).await.is_none() {}
            self.book.changed(id, None);
        }
    }
}

/// A send under a `client_id`.
pub(crate) fn message(room: RoomId, client_id: &str, content: String) -> SendMessage {
    SendMessage {
        room,
        content,
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: Some(client_id.to_owned()),
    }
}

/// The answer, if that was one; else waits a little before the next attempt.
async fn answered<T>(result: Result<T>) -> Option<T> {
    match result {
        Ok(answer) => return Some(answer),
        Err(error) => assert!(!error.is_final(), "{error}"),
    }
    tokio::time::sleep(PAUSE).await;
    None
}
