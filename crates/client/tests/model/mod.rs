//! A small server in memory: one room with its revision, messages and operations, as docs/realtime.md has it.

use std::collections::BTreeMap;

use charla_protocol::{
    MessageId, RoomId, Timestamp, UserId,
    messages::{Changes, Message, MessageType, Quote, Reaction, Timeline},
    users::UserSummary,
};
use uuid::Uuid;

/// A room as the database has it.
#[derive(Debug, Default)]
pub(crate) struct ModelRoom {
    pub(crate) revision: i64,
    /// By `seq`.
    pub(crate) messages: BTreeMap<i64, Message>,
    /// The reader sees only what was made after this `seq`: joined later, or cleared the history.
    pub(crate) hidden_up_to: i64,
}

impl ModelRoom {
    /// Makes a message; the answer is its event.
    pub(crate) fn send(
        &mut self,
        sender: u128,
        content: &str,
        client_id: Option<String>,
        reply_to: Option<i64>,
    ) -> Message {
        self.revision += 1;
        let quote = reply_to.and_then(|seq| self.messages.get(&seq)).map(quote_of);
        let message = message(self.revision, sender, content, client_id, quote);
        self.messages.insert(message.seq, message.clone());
        message
    }

    /// Edits the `index`th message, if it can be edited.
    pub(crate) fn edit(&mut self, index: usize, content: &str) -> Option<Message> {
        self.change(index, |message| {
            message.content = content.to_owned();
            message.is_edited = true;
        })
    }

    /// Reacts to the `index`th message.
    pub(crate) fn react(&mut self, index: usize, emoji: &str) -> Option<Message> {
        self.change(index, |message| {
            message.reactions.push(Reaction {
                emoji: emoji.to_owned(),
                count: 1,
                user_ids: vec![user(1).id],
                me: None,
            });
        })
    }

    /// Deletes the `index`th message; its text goes from the quotes too, which takes no revision.
    pub(crate) fn delete(&mut self, index: usize) -> Option<Message> {
        let deleted = self.change(index, |message| {
            message.content.clear();
            message.reactions.clear();
            message.is_deleted = true;
        })?;
        for message in self.messages.values_mut() {
            if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.id == deleted.id) {
                quote.content.clear();
            }
        }
        Some(deleted)
    }

    /// One page of `GET changes/?since=`.
    pub(crate) fn changes(&self, since: i64, limit: usize) -> Changes {
        let mut results: Vec<Message> =
            self.visible().filter(|message| message.revision > since).cloned().collect();
        results.sort_by_key(|message| message.revision);
        let more = results.len() > limit;
        results.truncate(limit);
        let revision = if more { results[limit - 1].revision } else { self.revision };
        Changes { results, revision, next: more.then(|| "next".to_owned()) }
    }

    /// The page of `limit` messages before `before` (a `seq`), or the newest one.
    pub(crate) fn page(&self, before: Option<i64>, limit: usize) -> Timeline {
        let end = before.unwrap_or(i64::MAX);
        let all: Vec<&Message> = self.visible().filter(|message| message.seq < end).collect();
        let start = all.len().saturating_sub(limit);
        Timeline {
            results: all[start..].iter().map(|message| (*message).clone()).collect(),
            next: (start > 0).then(|| "older".to_owned()),
            previous: None,
            revision: self.revision,
        }
    }

    /// What the reader may see, in order.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().filter(|message| message.seq > self.hidden_up_to)
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut Message)) -> Option<Message> {
        let count = self.messages.len();
        let message = self.messages.values_mut().nth(index.checked_rem(count)?)?;
        if message.is_deleted {
            return None;
        }
        self.revision += 1;
        message.revision = self.revision;
        change(message);
        Some(message.clone())
    }
}

/// The room of every model.
pub(crate) fn room_id() -> RoomId {
    RoomId(Uuid::from_u128(7))
}

/// The id of the message made with revision `seq`.
pub(crate) fn message_id(seq: i64) -> MessageId {
    MessageId(Uuid::from_u128(u128::try_from(seq).unwrap() + 1_000))
}

/// A person called after their number.
pub(crate) fn user(number: u128) -> UserSummary {
    UserSummary {
        id: UserId(Uuid::from_u128(number)),
        username: format!("user{number}"),
        display_name: String::new(),
        avatar_url: None,
        is_bot: false,
    }
}

fn quote_of(message: &Message) -> Quote {
    Quote {
        id: message.id,
        sender: message.sender.clone(),
        content: message.content.clone(),
        message_type: message.message_type,
        is_deleted: message.is_deleted,
        system: message.system.clone(),
    }
}

fn message(
    revision: i64,
    sender: u128,
    content: &str,
    client_id: Option<String>,
    reply_to: Option<Quote>,
) -> Message {
    Message {
        id: message_id(revision),
        room: room_id(),
        seq: revision,
        revision,
        sender: user(sender),
        content: content.to_owned(),
        content_html: String::new(),
        message_type: MessageType::Text,
        attachments: Vec::new(),
        reply_to,
        reply_count: 0,
        reactions: Vec::new(),
        mentions: Vec::new(),
        mentions_room: false,
        client_id,
        created_at: Timestamp::from_millis(revision),
        edited_at: None,
        is_edited: false,
        is_deleted: false,
        read_by_count: 0,
        system: None,
    }
}
