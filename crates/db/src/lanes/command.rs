//! What can be asked of a lane, and what it answers.

use charla_protocol::{
    MessageId, RoomId, UserId,
    messages::{Message, MessageType, ReadState},
};
use uuid::Uuid;

pub use crate::queries::{audit::Via, mentions::Mentions};

/// A write to a room's timeline, or to a read cursor in it. Permissions are checked in the transaction that writes.
#[derive(Clone, Debug)]
pub enum Command {
    Send(Send),
    Edit(Edit),
    Delete(Delete),
    React(React),
    MarkRead(MarkRead),
}

#[derive(Clone, Debug)]
pub struct Send {
    pub room: RoomId,
    pub sender: UserId,
    /// Cleaned and checked; not blank where there are no attachments.
    pub content: String,
    pub content_html: String,
    /// Where there are attachments, they decide.
    /// Whom the text mentions; everybody only where the sender's role allows it.
    pub mentions: Mentions,
    pub message_type: MessageType,
    pub reply_to: Option<MessageId>,
    /// Uploads of the sender, in their order; none twice.
    pub attachments: Vec<Uuid>,
    pub client_id: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Edit {
    pub room: RoomId,
    pub message: MessageId,
    pub editor: UserId,
    /// Cleaned and checked.
    pub content: String,
    /// Whether nothing of it would be seen: only a message with attachments may be edited so.
    pub is_blank: bool,
    pub content_html: String,
    /// As of a new message.
    pub mentions: Mentions,
}

#[derive(Clone, Debug)]
pub struct Delete {
    pub room: RoomId,
    pub message: MessageId,
    pub actor: UserId,
    /// For the audit log, where the message is somebody else's.
    pub via: Via,
}

#[derive(Clone, Debug)]
pub struct React {
    pub room: RoomId,
    pub message: MessageId,
    pub actor: UserId,
    /// Checked: one emoji.
    pub emoji: String,
    /// False takes the reaction back.
    pub added: bool,
}

#[derive(Clone, Debug)]
pub struct MarkRead {
    pub room: RoomId,
    pub reader: UserId,
    pub up_to: UpTo,
}

#[derive(Clone, Debug)]
pub enum UpTo {
    /// The latest of these; ids that are not of the room do not count.
    Messages(Vec<MessageId>),
    /// All there is.
    End,
}

/// What a command did.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A message was stored.
    Sent(Message),
    /// A message of that `client_id` was there already; nothing was stored.
    Repeated(Message),
    /// The message as it stands after an edit, a deletion or a reaction.
    Changed(Message),
    /// Nothing to do: the message stands as was asked.
    Unchanged(Message),
    /// Where the reader now stands, and when they got there.
    Read(ReadState),
}

impl Outcome {
    /// The message concerned, if one is.
    pub fn into_message(self) -> Option<Message> {
        match self {
            Self::Sent(message)
            | Self::Repeated(message)
            | Self::Changed(message)
            | Self::Unchanged(message) => Some(message),
            Self::Read(_) => None,
        }
    }
}

impl Command {
    pub(super) fn room(&self) -> RoomId {
        match self {
            Self::Send(send) => send.room,
            Self::Edit(edit) => edit.room,
            Self::Delete(delete) => delete.room,
            Self::React(react) => react.room,
            Self::MarkRead(read) => read.room,
        }
    }

    pub(super) fn actor(&self) -> UserId {
        match self {
            Self::Send(send) => send.sender,
            Self::Edit(edit) => edit.editor,
            Self::Delete(delete) => delete.actor,
            Self::React(react) => react.actor,
            Self::MarkRead(read) => read.reader,
        }
    }

    /// The uploads that become part of a message.
    pub(super) fn attachments(&self) -> &[Uuid] {
        match self {
            Self::Send(send) => &send.attachments,
            Self::Edit(_) | Self::Delete(_) | Self::React(_) | Self::MarkRead(_) => &[],
        }
    }

    /// The messages that must be at hand to decide on the command.
    pub(super) fn messages(&self) -> &[MessageId] {
        match self {
            Self::Send(send) => send.reply_to.as_slice(),
            Self::Edit(edit) => std::slice::from_ref(&edit.message),
            Self::Delete(delete) => std::slice::from_ref(&delete.message),
            Self::React(react) => std::slice::from_ref(&react.message),
            Self::MarkRead(MarkRead { up_to: UpTo::Messages(ids), .. }) => ids,
            Self::MarkRead(MarkRead { up_to: UpTo::End, .. }) => &[],
        }
    }
}
