//! `/api/v1/chat/rooms/{id}/pins/`

use charla_protocol::{
    List, MessageId, RoomId,
    pins::{PinMessage, PinnedMessage},
};
use reqwest::Method;

use crate::{Client, Result, api::Made, http::Call};

fn path(room: RoomId) -> String {
    format!("/api/v1/chat/rooms/{room}/pins/")
}

impl Client {
    /// The room's pinned messages, the latest pin first; the first page.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn pins(&self, room: RoomId) -> Result<List<PinnedMessage>> {
        self.get(path(room)).await
    }

    /// Pins a message; it may be pinned already.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`, `direct_messages_refused`, `validation_failed`.
    pub async fn pin(&self, room: RoomId, message_id: MessageId) -> Result<Made<PinnedMessage>> {
        let answer = self.call(Call::new(Method::POST, path(room)).json(&PinMessage { message_id })?).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// Takes a pin away, where there is one.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`.
    pub async fn unpin(&self, room: RoomId, message: MessageId) -> Result<()> {
        self.tell(Method::DELETE, format!("{}{message}/", path(room))).await
    }
}
