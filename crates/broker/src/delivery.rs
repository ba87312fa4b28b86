//! What nodes tell each other.

use bytes::Bytes;
use charla_protocol::{RoomId, SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// The sockets that follow the room.
    Room(RoomId),
    /// The account's sockets.
    User(UserId),
    /// Every node, whatever it has subscribed.
    Nodes,
}

/// Which of a room's sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    All,
    /// Those that have the room on screen.
    Focused,
    /// The same, of people who show whether they are there.
    Watching,
    /// Those of all rooms of an account.
    Account,
    /// Those of people who share their read receipts.
    Sharing,
}

/// What an account shares of itself. Who keeps something sees nobody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// How far it has read.
    pub receipts: bool,
    /// Whether it is there.
    pub presence: bool,
}

/// What to do at the receiving end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Send a frame, which is the text of one event, to the sockets of the topic.
    Frame {
        text: Bytes,
        audience: Audience,
        except: Option<UserId>,
        /// Whose doing it tells: not to those whom a block parts from them.
        by: Option<UserId>,
    },
    /// A room's timeline has changed: send the frame to those who can see the message that it is about.
    Change {
        /// The number that the change took in the room.
        revision: i64,
        /// The message's: not for those from whom it is hidden.
        seq: i64,
        text: Bytes,
        /// What those get who keep their read receipts to themselves, where that differs.
        keeping: Option<Bytes>,
        /// Whom it takes out of the room: it is not for them, nor is what follows. They are told by `RoomRemoved`, which may come later.
        removes: Option<UserId>,
    },
    /// Send a frame to the account-wide sockets of these friends and those that follow any of these rooms, once each.
    Acquaintances { friends: Vec<UserId>, rooms: Vec<RoomId>, except: UserId, text: Bytes },
    /// A block now parts the account from somebody, or none any more: it is not told what they do.
    Parted { from: UserId, are_parted: bool },
    /// The account is now in the room, which has that revision: its account-wide sockets follow it past `hidden_seq`, and get the
    /// frame.
    RoomAdded { room_id: RoomId, hidden_seq: i64, revision: i64, text: Bytes },
    /// The account is no longer in the room, as of that revision: its sockets stop following it. Without one that holds whatever they
    /// have heard.
    RoomRemoved { room_id: RoomId, revision: Option<i64>, text: Bytes },
    /// What the account now shares of itself, and so sees of others.
    Privacy(Privacy),
    /// The account is of no use until its e-mail address is verified: its sockets close.
    Held,
    /// These sessions have ended: their sockets close.
    SessionsEnded(Vec<SessionId>),
    /// The room may have changed without anybody being told: the outcome of a commit is unknown.
    Doubt,
    /// Who is there on a node.
    Presence { node: Uuid, news: News },
    /// What was counted against limits on a node: for each limit and key how often, or how many of those are taken back.
    Counted(Vec<(u8, u64, i32)>),
    /// Somebody who shows whether they are there has opened the room on a node, or closed it.
    Looking { node: Uuid, looker: Looker, is_there: bool },
    /// All of those on the node: who is not among them any more has left.
    Lookers { node: Uuid, rooms: Vec<(RoomId, Vec<Looker>)> },
}

/// Somebody who has a room on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looker {
    pub user: UserId,
    pub username: String,
}

impl Delivery {
    /// Whether nobody has to look for it where it is lost: it is told again by itself, or means nothing a moment later.
    pub(crate) fn is_fleeting(&self) -> bool {
        match self {
            Self::Presence { .. } | Self::Counted(_) => true,
            Self::Frame { audience, .. } => matches!(audience, Audience::Focused | Audience::Watching),
            _ => false,
        }
    }
}

/// What a node tells of the people who have sockets there. Its list has a number that grows by one with each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    Came {
        user: UserId,
        number: u64,
    },
    Went {
        user: UserId,
        number: u64,
        at: Timestamp,
    },
    /// The node lives, and its list has this number.
    Beat {
        number: u64,
    },
    /// A part of the list, counted from 0.
    List {
        number: u64,
        part: u32,
        parts: u32,
        people: Vec<UserId>,
    },
    /// This node, or each, is to tell its list.
    Ask(Option<Uuid>),
    /// The node goes down.
    Bye,
}
