//! `/api/v1/chat/messages/`

use charla_protocol::{
    List, MessageId, RoomId, Timestamp, UserId,
    messages::{
        EditMessage, FoundMessage, MarkRead, MarkedRead, Message, MessageHas, MessageRead, MessageVersion,
        SendMessage,
    },
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use crate::{Client, Result, api::Made, http::Call};

const MESSAGES: &str = "/api/v1/chat/messages/";

fn path(id: MessageId, rest: &str) -> String {
    format!("{MESSAGES}{id}/{rest}")
}

fn reaction(id: MessageId, emoji: &str) -> String {
    path(id, &format!("reactions/{}/", utf8_percent_encode(emoji, NON_ALPHANUMERIC)))
}

/// What is sought: the query in the language of `docs/search.md`, and what else is asked of a message.
#[derive(Clone, Debug, Default)]
pub struct MessageSearch {
    pub q: String,
    pub room: Option<RoomId>,
    pub sender: Option<UserId>,
    /// Said earlier than that.
    pub before: Option<Timestamp>,
    /// Said later than that.
    pub after: Option<Timestamp>,
    pub has: Option<MessageHas>,
    /// 1 to 200.
    pub limit: Option<u32>,
}

impl MessageSearch {
    /// A search for what a query says.
    pub fn of(q: impl Into<String>) -> Self {
        Self { q: q.into(), ..Self::default() }
    }
}

impl Client {
    /// The caller's messages that are what is sought, newest first; the first page.
    ///
    /// # Errors
    /// `validation_failed`; `not_found`, `not_a_member` for the room or the sender.
    pub async fn search_messages(&self, search: &MessageSearch) -> Result<List<FoundMessage>> {
        let call = Call::new(Method::GET, format!("{MESSAGES}search/"))
            .query("q", Some(&search.q))
            .query("room", search.room)
            .query("sender", search.sender)
            .query("before", search.before)
            .query("after", search.after)
            .query("has", search.has.map(MessageHas::as_str))
            .query("limit", search.limit);
        self.call(call).await?.json()
    }

    /// The caller's messages, newest first, of one room or of all; the first page. `limit`: 1 to 200.
    ///
    /// # Errors
    /// As every call.
    pub async fn messages(&self, room: Option<RoomId>, limit: Option<u32>) -> Result<List<Message>> {
        self.call(Call::new(Method::GET, MESSAGES).query("room", room).query("limit", limit)).await?.json()
    }

    /// Others' messages that mention the caller, newest first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn mentions(&self) -> Result<List<Message>> {
        self.get("/api/v1/chat/mentions/").await
    }

    /// Others' messages that answer the caller's, newest first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn replies(&self) -> Result<List<Message>> {
        self.get("/api/v1/chat/replies/").await
    }

    /// Sends a message, once. With a `client_id` it may be repeated: the answer is then the first one, not new.
    ///
    /// # Errors
    /// `validation_failed`, `not_a_member`, `direct_messages_refused`, `room_closed`, `not_found`.
    pub async fn send_message(&self, message: &SendMessage) -> Result<Made<Message>> {
        let answer = self.call(Call::new(Method::POST, MESSAGES).json(message)?).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// One message.
    ///
    /// # Errors
    /// `not_found`
    pub async fn message(&self, id: MessageId) -> Result<Message> {
        self.get(path(id, "")).await
    }

    /// Edits one's own message, by `PATCH`; `PUT` would do the same.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`, `validation_failed`.
    pub async fn edit_message(&self, id: MessageId, content: &str) -> Result<Message> {
        self.submit(Method::PATCH, path(id, ""), &EditMessage { content: content.to_owned() }).await
    }

    /// Deletes a message; it keeps its place.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`.
    pub async fn delete_message(&self, id: MessageId) -> Result<()> {
        self.tell(Method::DELETE, path(id, "")).await
    }

    /// Reacts to a message.
    ///
    /// # Errors
    /// `room_closed`, `not_found`, `validation_failed`.
    pub async fn react(&self, id: MessageId, emoji: &str) -> Result<Message> {
        self.call(Call::new(Method::PUT, reaction(id, emoji))).await?.json()
    }

    /// Takes a reaction back.
    ///
    /// # Errors
    /// `room_closed`, `not_found`, `validation_failed`.
    pub async fn unreact(&self, id: MessageId, emoji: &str) -> Result<()> {
        self.tell(Method::DELETE, reaction(id, emoji)).await
    }

    /// The messages that answer this one; the first page.
    ///
    /// # Errors
    /// `not_found`
    pub async fn message_replies(&self, id: MessageId) -> Result<List<Message>> {
        self.get(path(id, "replies/")).await
    }

    /// Who has read it, and when; the first page.
    ///
    /// # Errors
    /// `not_found`
    pub async fn message_reads(&self, id: MessageId) -> Result<List<MessageRead>> {
        self.get(path(id, "reads/")).await
    }

    /// What it said before each edit; the first page.
    ///
    /// # Errors
    /// `not_found`
    pub async fn message_history(&self, id: MessageId) -> Result<List<MessageVersion>> {
        self.get(path(id, "history/")).await
    }

    /// Reads these messages, and with each all before it in its room.
    ///
    /// # Errors
    /// `not_found`, `validation_failed`.
    pub async fn mark_read(&self, message_ids: Vec<MessageId>) -> Result<MarkedRead> {
        self.submit(Method::POST, format!("{MESSAGES}mark_read/"), &MarkRead { message_ids }).await
    }
}
