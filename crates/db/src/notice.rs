//! What a committed write tells, and whom: made by the write, sent once it is committed.

use charla_protocol::{
    MessageId, RoomId, SessionId, Timestamp, UserId,
    drafts::Draft,
    events::ReactionChange,
    friends::FriendRequest,
    messages::{Message, ReadState},
};

use crate::Pair;

/// One thing to tell after a commit. Those of one room come in the order of its revisions.
#[derive(Clone, Debug)]
pub enum Notice {
    /// To the room: a message was made.
    Message(Box<Message>),
    /// To the room.
    MessageEdited(Box<Message>),
    /// To the room.
    MessageDeleted(Box<Message>),
    /// To the room: somebody has reacted to a message, or taken that back.
    Reaction { message: Box<Message>, changed: ReactionChange },
    /// To those of the room who share their receipts: somebody has read up to a message.
    MessagesRead {
        room_id: RoomId,
        user_id: UserId,
        username: String,
        up_to: MessageId,
        seq: i64,
        read_at: Timestamp,
    },
    /// To the other devices of one account.
    ReadState { user_id: UserId, state: ReadState },
    /// To the account's devices: one of them has left this draft.
    Draft { user_id: UserId, draft: Draft },
    /// To the room: its name, topic, members, pins or state changed.
    RoomUpdated(RoomId),
    /// To each of these accounts: it is now in the room, or what it alone sees there has changed.
    RoomAdded { people: Vec<UserId>, room_id: RoomId },
    /// To an account: it is no longer in the room.
    RoomRemoved { user_id: UserId, room_id: RoomId },
    /// To the sockets of these sessions: they have ended.
    SessionsEnded(Vec<SessionId>),
    /// To the sockets of an account: it is of no use until its new e-mail address is verified.
    Held(UserId),
    /// To the sockets of an account: whether it shares its read receipts, or whether it is there, has changed.
    Privacy(UserId),
    /// To friends and to who shares a room with somebody: their profile changed.
    ProfileUpdated(UserId),
    /// To both accounts: the one has asked the other for friendship.
    FriendRequest(Box<FriendRequest>),
    /// To `viewer`: what they have with `person` changed.
    Friendship { viewer: UserId, person: UserId },
    /// To both people: a block now parts them, or none any more. With the direct room that they share, if there is one.
    Parted { room_id: Option<RoomId>, people: Pair, are_parted: bool },
    /// To the nodes: whether a change of the room was committed is unknown.
    Doubt(RoomId),
}

impl Notice {
    /// The room that it is about.
    pub fn room(&self) -> Option<RoomId> {
        match self {
            Self::MessagesRead { room_id, .. }
            | Self::RoomAdded { room_id, .. }
            | Self::RoomRemoved { room_id, .. }
            | Self::RoomUpdated(room_id)
            | Self::Doubt(room_id) => Some(*room_id),
            Self::Parted { room_id, .. } => *room_id,
            _ => self.timeline(),
        }
    }

    /// The room whose timeline has changed.
    pub fn timeline(&self) -> Option<RoomId> {
        match self {
            Self::Message(message)
            | Self::MessageEdited(message)
            | Self::MessageDeleted(message)
            | Self::Reaction { message, .. } => Some(message.room),
            _ => None,
        }
    }
}
