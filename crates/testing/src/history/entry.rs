//! The lines of a history.

use charla_protocol::{
    MessageId, RoomId, UserId,
    messages::{Message, MessageType, SystemEvent, SystemEventKind},
};
use serde::Serialize;
use uuid::Uuid;

/// Something that happened to one client.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Microseconds since the beginning, for readers alone: the order is that of the list.
    pub at_us: u64,
    /// The client's number.
    pub client: usize,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The client is about to ask for this. Each attempt is one of its own.
    Asked(Call),
    /// What became of the attempt at that place. One without is as good as [`Answer::Unknown`].
    Answered { asked: usize, answer: Answer },
    /// A new socket has said `hello`, with the revisions of its rooms.
    Opened { node: usize, rooms: Vec<(RoomId, i64)> },
    /// A message in an event of the client's socket: in the order in which they came.
    Event(View),
    /// Messages in an answer to the question at place `asked`; a page of `changes` or of a timeline says its room's revision.
    Page { asked: usize, room: RoomId, revision: Option<i64>, messages: Vec<View> },
    /// What the client shows of a room at the end, by its own book-keeping.
    Shown { room: RoomId, revision: i64, messages: Vec<View> },
    /// What a node has of a room once everything is healed and nobody writes, all of it.
    Truth { node: usize, by: Read, room: RoomId, revision: i64, messages: Vec<View> },
    /// How many messages of a room the client has left to read, at the end.
    Unread { room: RoomId, count: u64 },
    /// What came back of a file in the end: its text, or nothing where it is gone.
    File { node: usize, id: Uuid, text: Option<String> },
    /// How long after its answer on node `from` a message came to a socket of another client on `node`, once everything is
    /// healed; none where it did not.
    Delivered { from: usize, node: usize, message: MessageId, took_ms: Option<u64> },
    /// How long after the answer that ended its session a socket on `node` was cut, once everything is healed; none where it
    /// was not.
    Cut { node: usize, took_ms: Option<u64> },
    /// What a node says of somebody in the end, and whether they have a socket.
    Presence { node: usize, user: UserId, is_online: bool, is_there: bool },
    /// Something was broken, or mended.
    Fault { kind: String, detail: String },
    /// What the client, the node or the runner promised and did not do; no check is needed to see it.
    Failed(String),
}

/// What a client asks of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    Send {
        room: RoomId,
        /// The same for each attempt.
        client_id: String,
        /// No other message of the history says the same.
        content: String,
        files: Vec<Brought>,
    },
    Edit {
        room: RoomId,
        message: MessageId,
        content: String,
    },
    Delete {
        room: RoomId,
        message: MessageId,
    },
    React {
        room: RoomId,
        message: MessageId,
        emoji: String,
        /// False: takes it back.
        added: bool,
    },
    /// Has read the message with this seq, and so all before it.
    Read {
        room: RoomId,
        message: MessageId,
        seq: i64,
    },
    /// Takes somebody into the room, or removes them.
    Admit {
        room: RoomId,
        user: UserId,
        /// False: removes.
        is_in: bool,
    },
    /// Ends the session of this client.
    SignOut {
        client: usize,
    },
    /// For a page, or a socket.
    Look,
}

/// A file that was uploaded, and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brought {
    pub id: Uuid,
    pub text: String,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Committed. Of a send, `revision` is the message's seq.
    Acknowledged { id: Option<MessageId>, revision: Option<i64> },
    /// Not done, and never will be.
    Refused(String),
    /// Done or not, or yet to be done.
    Unknown(String),
}

/// How the truth was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// By `changes`, from the beginning.
    Changes,
    /// By the pages of the timeline.
    Timeline,
}

/// Somebody came into a room, or left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    pub user: UserId,
    pub is_in: bool,
}

/// A message as somebody was shown it, without what is derived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    pub id: MessageId,
    pub room: RoomId,
    pub seq: i64,
    pub revision: i64,
    pub sender: UserId,
    pub client_id: Option<String>,
    pub content: String,
    pub is_edited: bool,
    pub is_deleted: bool,
    /// Made by the server itself.
    pub is_system: bool,
    /// Each emoji with who reacted; sorted.
    pub reactions: Vec<(String, Vec<UserId>)>,
    pub files: Vec<Uuid>,
    /// What the server itself reports here, where that is about a member.
    pub moved: Option<Move>,
}

impl From<&Message> for View {
    fn from(message: &Message) -> Self {
        let sorted = |mut users: Vec<UserId>| {
            users.sort_unstable();
            users
        };
        let reactions = message.reactions.iter();
        let mut reactions: Vec<_> =
            reactions.map(|reaction| (reaction.emoji.clone(), sorted(reaction.user_ids.clone()))).collect();
        reactions.sort_unstable();
        Self {
            id: message.id,
            room: message.room,
            seq: message.seq,
            revision: message.revision,
            sender: message.sender.id,
            client_id: message.client_id.clone(),
            content: message.content.clone(),
            is_edited: message.is_edited,
            is_deleted: message.is_deleted,
            is_system: message.message_type == MessageType::System,
            reactions,
            files: message.attachments.iter().map(|file| file.id).collect(),
            moved: message.system.as_ref().and_then(|event| moved(event, message.sender.id)),
        }
    }
}

fn moved(event: &SystemEvent, sender: UserId) -> Option<Move> {
    let is_in = match event.event {
        SystemEventKind::MemberJoined | SystemEventKind::MemberAdded => true,
        SystemEventKind::MemberLeft | SystemEventKind::MemberRemoved => false,
        SystemEventKind::RoomRenamed => return None,
    };
    Some(Move { user: event.user.as_ref().map_or(sender, |user| user.id), is_in })
}
