//! The answer to a send, to be awaited.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use charla_protocol::{MessageId, Timestamp, events::Ack, messages::Message};
use tokio::sync::oneshot;

use crate::{Error, Result};

/// A message that the server has stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub client_id: String,
    pub id: MessageId,
    /// The revision it took, where the answer says.
    pub revision: Option<i64>,
    pub created_at: Timestamp,
}

impl Sent {
    /// From an `ack`; none for one of an action that made no message.
    pub(super) fn from_ack(ack: Ack) -> Option<Self> {
        Some(Self {
            id: ack.id?,
            client_id: ack.client_id,
            revision: ack.revision,
            created_at: ack.created_at,
        })
    }

    /// From the message itself, which proves as much as an `ack`.
    pub(super) fn from_message(client_id: &str, message: &Message) -> Self {
        Self {
            client_id: client_id.to_owned(),
            id: message.id,
            revision: Some(message.seq),
            created_at: message.created_at,
        }
    }
}

/// Resolves once the server has stored the message, or refused it for good. Dropping it does not stop the send.
#[derive(Debug)]
#[must_use = "a send may be refused"]
pub struct Receipt {
    client_id: String,
    answer: oneshot::Receiver<Result<Sent>>,
}

impl Receipt {
    pub(super) fn new(client_id: String) -> (oneshot::Sender<Result<Sent>>, Self) {
        let (ticket, answer) = oneshot::channel();
        (ticket, Self { client_id, answer })
    }

    /// The name under which the message is sent, and sent again.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }
}

impl Future for Receipt {
    type Output = Result<Sent>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(Error::Ended("the task is gone".to_owned()))))
    }
}
