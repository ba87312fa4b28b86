//! What a batch works on: the rows it read, as its commands have changed them so far, and what has to be written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use charla_permissions::{Approach, Contact, Standing, check_approach};
use charla_protocol::{
    ErrorCode, MessageId, RoomId, Timestamp, UserId,
    events::ReactionChange,
    messages::{Attachment, ReadState},
};
use uuid::Uuid;

use super::slow_mode::LastSent;
use crate::{
    Error, Result,
    queries::{audit::Act, mentions::Mentions, read_marks},
    tables::{
        files::{self, Purpose},
        mentions, message_versions, messages, replies, room_members, rooms, users,
    },
};

#[derive(Debug, Default)]
pub(super) struct Working {
    pub(super) rooms: HashMap<Uuid, rooms::Model>,
    /// By room and user.
    pub(super) members: HashMap<(Uuid, Uuid), room_members::Model>,
    pub(super) users: HashMap<Uuid, users::Model>,
    /// How who writes into a direct room stands to the other person, by both.
    pub(super) contacts: HashMap<(Uuid, Uuid), Contact>,
    pub(super) messages: HashMap<Uuid, messages::Model>,
    pub(super) last_sent: LastSent,
    /// The uploads that the batch sends.
    pub(super) files: HashMap<Uuid, files::Model>,
    /// By sender and client id.
    pub(super) sent: HashMap<(Uuid, String), Uuid>,
    /// Reactions of those who react in the batch, by message, user and emoji.
    pub(super) reactions: BTreeSet<Reaction>,
    /// Emoji that stand under the messages reacted to.
    pub(super) emoji: BTreeSet<(Uuid, String)>,
    /// Messages that are to be deleted, and are pinned.
    pub(super) pinned: HashSet<Uuid>,
    pub(super) writes: Writes,
}

/// Message, user and emoji.
pub(super) type Reaction = (Uuid, Uuid, String);

/// What has to be written at the end of the batch; the rows themselves stand in [`Working`].
#[derive(Debug, Default)]
pub(super) struct Writes {
    pub(super) rooms: BTreeSet<Uuid>,
    /// New messages, in the order of their seq in each room.
    pub(super) messages: Vec<Uuid>,
    /// Changed messages that were there before.
    pub(super) changed: BTreeSet<Uuid>,
    /// Uploads that have become part of a message.
    pub(super) claimed: Vec<Uuid>,
    pub(super) versions: Vec<message_versions::Model>,
    /// Messages whose earlier versions and reactions go.
    pub(super) forgotten: Vec<Uuid>,
    /// Those of them that have files, which go too.
    pub(super) emptied: Vec<Uuid>,
    pub(super) unpinned: Vec<Uuid>,
    /// Messages that were there before, and whose mentions go.
    pub(super) unmentioned: Vec<Uuid>,
    pub(super) mentions: Vec<mentions::Model>,
    pub(super) replies: Vec<replies::Model>,
    /// Reactions that were made or taken back: when, or none where there is none in the end.
    pub(super) reactions: BTreeMap<Reaction, Option<i64>>,
    /// Read cursors, by room and user.
    pub(super) reads: BTreeMap<(Uuid, Uuid), ReadStep>,
    /// What they change in how many have read what.
    pub(super) marks: read_marks::Changes,
    /// What goes into the audit log.
    pub(super) acts: Vec<Act>,
}

/// A step forward of a read cursor.
#[derive(Clone, Debug)]
pub(super) struct ReadStep {
    pub(super) seq: i64,
    pub(super) message_id: Uuid,
    pub(super) read_at: i64,
}

/// What a command did, before what it tells is put together.
#[derive(Debug)]
pub(super) enum Applied {
    Sent(messages::Model, Mentions),
    Repeated(messages::Model),
    Edited(messages::Model),
    Deleted {
        row: messages::Model,
        was_pinned: bool,
    },
    Reacted(messages::Model, ReactionChange),
    Unchanged(messages::Model),
    /// The cursor stands at `state`; `step` says whether it moved.
    Read {
        reader: UserId,
        state: ReadState,
        step: Option<ReadStep>,
    },
}

impl Applied {
    /// The message whose present state has to be told, where that takes more than the batch knows.
    pub(super) fn row(&self) -> Option<&messages::Model> {
        match self {
            Self::Repeated(row)
            | Self::Edited(row)
            | Self::Deleted { row, .. }
            | Self::Reacted(row, _)
            | Self::Unchanged(row) => Some(row),
            Self::Sent(..) | Self::Read { .. } => None,
        }
    }
}

impl Working {
    /// How `user` stands to `room`.
    pub(super) fn standing(&self, room: RoomId, user: UserId) -> Result<Standing> {
        let row = self.rooms.get(&room.0).ok_or(Error::NotFound)?;
        Ok(Standing {
            room_type: row.room_type(),
            visibility: row.visibility(),
            is_active: row.is_active,
            role: self.members.get(&(room.0, user.0)).map(room_members::Model::role),
            is_staff: self.users.get(&user.0).is_some_and(|user| user.is_staff),
        })
    }

    /// Whether the account is still in use: it may have been deleted, or banned, while its command was in line.
    pub(super) fn check_actor(&self, actor: UserId, now: Timestamp) -> Result<()> {
        match self.users.get(&actor.0) {
            Some(user) if user.is_active => user.check_ban(now),
            _ => Err(Error::Conflict(ErrorCode::SessionEnded)),
        }
    }

    /// Whether staff let the account write.
    pub(super) fn check_mute(&self, writer: UserId, now: Timestamp) -> Result<()> {
        self.users.get(&writer.0).map_or(Ok(()), |user| user.check_mute(now))
    }

    /// Whether who is in `room` may write there as far as the other person of a direct room is concerned.
    pub(super) fn check_contact(&self, room: RoomId, writer: UserId) -> Result<()> {
        let row = self.rooms.get(&room.0).ok_or(Error::NotFound)?;
        let contact = row.other(writer.0).and_then(|other| self.contacts.get(&(writer.0, other)));
        Ok(contact.map_or(Ok(()), |contact| check_approach(*contact, Approach::DirectMessage))?)
    }

    /// A message of `room` that `user` can see. Staff may see what is hidden from members.
    pub(super) fn message(&self, room: RoomId, id: MessageId, user: UserId) -> Result<&messages::Model> {
        let hidden = self.members.get(&(room.0, user.0)).map_or(0, |member| member.hidden_seq);
        self.messages
            .get(&id.0)
            .filter(|row| row.room_id == room.0 && row.seq > hidden)
            .ok_or(Error::NotFound)
    }

    /// An upload that `sender` may make part of a message.
    pub(super) fn upload(&self, id: Uuid, sender: UserId) -> Option<&files::Model> {
        self.files.get(&id).filter(|file| {
            file.uploader_id == sender.0 && file.message_id.is_none() && file.purpose() == Purpose::Attachment
        })
    }

    /// What has become part of the message in this batch, in order.
    pub(super) fn attachments(&self, message: Uuid) -> Vec<Attachment> {
        let mut files: Vec<&files::Model> =
            self.files.values().filter(|file| file.message_id == Some(message)).collect();
        files.sort_by_key(|file| file.position);
        files.into_iter().map(files::Model::attachment).collect()
    }

    /// Raises the room's revision by one, and gives the number.
    pub(super) fn next_revision(&mut self, room: RoomId) -> Result<i64> {
        let row = self.rooms.get_mut(&room.0).ok_or(Error::NotFound)?;
        row.revision += 1;
        self.writes.rooms.insert(room.0);
        Ok(row.revision)
    }
}
