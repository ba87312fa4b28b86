//! One send without an answer.

use std::time::Instant;

use charla_protocol::messages::SendMessage;

#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) client_id: String,
    pub(super) message: SendMessage,
    pub(super) ticket: T,
    pub(super) failures: u32,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// To be sent, not before this.
    Waiting(Instant),
    /// On its way; taken for lost after this.
    Sent { until: Instant },
}

impl<T> Entry<T> {
    /// When it is to be sent, or sent again.
    pub(super) fn when(&self) -> Instant {
        match self.state {
            State::Waiting(when) | State::Sent { until: when } => when,
        }
    }

    pub(super) fn send(&mut self, until: Instant) -> SendMessage {
        self.state = State::Sent { until };
        self.message.clone()
    }
}
