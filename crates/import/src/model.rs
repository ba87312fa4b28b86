//! What every source is read into. Keys are the source's own names for its things: unique among things of a kind, the same each time
//! the source is read. Times are milliseconds since 1970-01-01T00:00:00Z.

use tokio::sync::mpsc::Receiver;

use crate::source::Attached;

/// All that comes from one source.
#[derive(Debug)]
pub struct Archive {
    /// Tells it from other sources; part of every id.
    pub source: String,
    pub people: Vec<Person>,
    pub rooms: Vec<Room>,
    pub ties: Vec<Tie>,
    /// What has been left out up to here.
    pub left_out: Vec<LeftOut>,
    /// The messages, room by room, each room's in their order.
    pub entries: Receiver<anyhow::Result<Entry>>,
}

/// What comes out of a source while its messages are read.
#[derive(Debug)]
pub enum Entry {
    Message(Box<Message>),
    LeftOut(LeftOut),
    /// So many things of a kind that nobody misses one by one.
    Skipped(String, u64),
}

/// Something that does not come, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Such as `message`.
    pub kind: &'static str,
    pub key: String,
    pub reason: String,
}

impl LeftOut {
    pub fn new(kind: &'static str, key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { kind, key: key.into(), reason: reason.into() }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    pub key: String,
    pub username: String,
    pub email: Option<String>,
    /// As it was hashed there; see `charla_server::auth::foreign`.
    pub password_hash: Option<String>,
    pub display_name: String,
    pub bio: String,
    pub phone_number: Option<String>,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they administrated the source.
    pub is_administrator: bool,
    pub joined_at: Option<i64>,
    pub last_seen: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Room {
    pub key: String,
    pub kind: RoomKind,
    pub creator: Option<String>,
    pub created_at: Option<i64>,
    pub is_active: bool,
    pub members: Vec<Member>,
    /// Whether the source says what has been read here. Else nothing of it counts as unread.
    pub knows_reads: bool,
}

#[derive(Clone, Debug)]
pub enum RoomKind {
    /// Of its two members; with any other number of them it becomes a group.
    Direct,
    Group {
        name: String,
        topic: String,
        is_public: bool,
    },
}

#[derive(Clone, Debug, Default)]
pub struct Member {
    /// Key of the person.
    pub person: String,
    pub is_admin: bool,
    pub is_owner: bool,
    pub joined_at: Option<i64>,
    /// What was said up to then has been read.
    pub read_until: Option<i64>,
}

impl Member {
    pub fn of(person: impl Into<String>) -> Self {
        Self { person: person.into(), ..Self::default() }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Unique in its room.
    pub key: String,
    /// Key of the room.
    pub room: String,
    /// Key of the person; none where the source has forgotten.
    pub sender: Option<String>,
    /// Markdown.
    pub content: String,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
    pub reply_to: Option<Target>,
    pub reads: Vec<Read>,
    pub reactions: Vec<Reaction>,
    pub files: Vec<Attached>,
}

/// Another message of the same room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub key: String,
    pub created_at: i64,
}

#[derive(Clone, Debug)]
pub struct Read {
    /// None is the other of two.
    pub person: Option<String>,
    pub at: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Reaction {
    pub person: String,
    /// One emoji.
    pub emoji: String,
    pub at: Option<i64>,
}

/// What two people have with each other.
#[derive(Clone, Debug)]
pub struct Tie {
    pub kind: TieKind,
    /// Key of who asked or blocked.
    pub from: String,
    pub to: String,
    pub at: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    Block,
    Friends,
    Request,
}

impl TieKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Friends => "friendship",
            Self::Request => "friend request",
        }
    }
}
