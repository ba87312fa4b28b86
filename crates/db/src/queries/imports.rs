//! What an import looks for and writes, in few statements. The caller has checked what it writes, and holds the locks.

use std::collections::{BTreeMap, HashSet};

use charla_protocol::{Timestamp, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{files as files_queries, mentions::Mentions, read_marks, replies};
use crate::{
    Error, Result,
    dialect::insert_all,
    lists::padded,
    tables::{
        files, imported, mentions, messages, reactions, read_steps,
        room_members::{self, Column as Member},
        rooms, users,
    },
};

/// Which of the rooms are there.
///
/// # Errors
/// Those of the database.
pub async fn rooms_there(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    there::<rooms::Entity>(db, rooms::Column::Id, ids).await
}

/// Which of the messages are there.
///
/// # Errors
/// Those of the database.
pub async fn messages_there(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    there::<messages::Entity>(db, messages::Column::Id, ids).await
}

/// Which of these an import has brought before; see [`note`].
///
/// # Errors
/// Those of the database.
pub async fn noted(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    there::<imported::Entity>(db, imported::Column::Id, ids).await
}

async fn there<E: EntityTrait>(
    db: &impl ConnectionTrait,
    id: E::Column,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let query = E::find().select_only().column(id).filter(id.is_in(padded(ids.iter().copied())));
    Ok(query.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
}

/// Notes that these have been brought, whatever becomes of them.
///
/// # Errors
/// `Duplicate` where one is noted already.
pub async fn note(
    tx: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<()> {
    let rows = ids.into_iter().map(|id| imported::Model { id, imported_at: now.millis() });
    insert_all(tx, rows).await
}

/// # Errors
/// `Duplicate` where a name is taken.
pub async fn insert_users(tx: &impl ConnectionTrait, users: Vec<users::Model>) -> Result<()> {
    insert_all(tx, users).await
}

/// New members of a room, whether their accounts are in use or not.
///
/// # Errors
/// `Duplicate` where one is a member already.
pub async fn insert_members(tx: &impl ConnectionTrait, members: Vec<room_members::Model>) -> Result<()> {
    insert_all(tx, members).await
}

/// A message to come next in its room. The numbers of the row do not count.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub row: messages::Model,
    pub mentions: Mentions,
    /// Who, with which emoji, and when in milliseconds.
    pub reactions: Vec<(UserId, String, i64)>,
    /// Uploads that wait to be part of it, in their order.
    pub files: Vec<Uuid>,
}

/// Gives the messages the room's next numbers, one each, and writes them with all that belongs to them. The room is locked. Gives the rows as
/// they are written.
///
/// # Errors
/// `Duplicate` where one is there already, `NotFound` where a file waits no longer.
pub async fn append(
    tx: &impl ConnectionTrait,
    room: &mut rooms::Model,
    new: &[NewMessage],
) -> Result<Vec<messages::Model>> {
    let mut rows = Vec::with_capacity(new.len());
    let mut marks: Vec<mentions::Model> = Vec::new();
    let mut reacted = Vec::new();
    let mut claimed = Vec::new();
    for message in new {
        let row = number(room, message);
        marks.extend(message.mentions.rows(&row));
        reacted.extend(message.reactions.iter().map(|(user, emoji, at)| reactions::Model {
            message_id: row.id,
            emoji: emoji.clone(),
            user_id: user.0,
            created_at: *at,
        }));
        claimed.extend((0..).zip(&message.files).map(|(position, file)| {
            let blank = files::Model::blank(*file, row.sender_id, files::Purpose::Attachment, row.created_at);
            files::Model { message_id: Some(row.id), position, ..blank }
        }));
        rows.push(row);
    }
    insert_all(tx, rows.clone()).await?;
    replies::store(tx, &rows).await?;
    insert_all(tx, marks).await?;
    insert_all(tx, reacted).await?;
    claim(tx, &claimed).await?;
    store(tx, room).await?;
    Ok(rows)
}

/// The row with the next number of its room, which has it as its last. Its reactions take a number too, as one that comes later does.
fn number(room: &mut rooms::Model, message: &NewMessage) -> messages::Model {
    let row = &message.row;
    let seq = room.revision + 1;
    room.revision = if message.reactions.is_empty() { seq } else { seq + 1 };
    room.last_seq = seq;
    room.last_message_id = Some(row.id);
    room.last_activity_at = room.last_activity_at.max(row.created_at);
    messages::Model { room_id: room.id, seq, revision: room.revision, ..row.clone() }
}

async fn claim(tx: &impl ConnectionTrait, claimed: &[files::Model]) -> Result<()> {
    for files in claimed.chunks(super::ROWS) {
        let files: Vec<&files::Model> = files.iter().collect();
        if files_queries::claim(tx, &files).await? != files.len() as u64 {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

async fn store(tx: &impl ConnectionTrait, room: &rooms::Model) -> Result<()> {
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Revision, Expr::value(room.revision))
        .col_expr(rooms::Column::LastMessageId, Expr::value(room.last_message_id))
        .col_expr(rooms::Column::LastSeq, Expr::value(room.last_seq))
        .col_expr(rooms::Column::LastActivityAt, Expr::value(room.last_activity_at))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes how many members a room has.
///
/// # Errors
/// Those of the database.
pub async fn store_member_count(tx: &impl ConnectionTrait, room: &rooms::Model) -> Result<()> {
    rooms::Entity::update_many()
        .col_expr(rooms::Column::MemberCount, Expr::value(room.member_count))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Up to where somebody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub seq: i64,
    pub message: Uuid,
    /// Milliseconds.
    pub read_at: i64,
}

/// Moves members' cursors forward, and writes the steps they took: by seq, with the time.
///
/// # Errors
/// Those of the database.
pub async fn read(
    tx: &impl ConnectionTrait,
    room: Uuid,
    cursors: &BTreeMap<UserId, Cursor>,
    steps: &BTreeMap<(UserId, i64), i64>,
) -> Result<()> {
    for (user, cursor) in cursors {
        room_members::Entity::update_many()
            .col_expr(Member::LastReadSeq, Expr::value(cursor.seq))
            .col_expr(Member::LastReadMessageId, Expr::value(cursor.message))
            .col_expr(Member::LastReadAt, Expr::value(cursor.read_at))
            .filter(Member::RoomId.eq(room))
            .filter(Member::UserId.eq(user.0))
            .filter(Member::LastReadSeq.lt(cursor.seq))
            .exec(tx)
            .await?;
    }
    let steps = steps.iter().map(|((user, seq), read_at)| read_steps::Model {
        room_id: room,
        user_id: user.0,
        seq: *seq,
        read_at: *read_at,
    });
    insert_all(tx, steps).await?;
    read_marks::recount(tx, room).await
}

/// Who had nothing left to read at `before`, and has never read anything here, has nothing left to read at `after` either: of what
/// comes from where nobody noted what was read, none is new.
///
/// # Errors
/// Those of the database.
pub async fn spare(tx: &impl ConnectionTrait, room: Uuid, before: i64, after: i64) -> Result<()> {
    room_members::Entity::update_many()
        .col_expr(Member::JoinedSeq, Expr::value(after))
        .filter(Member::RoomId.eq(room))
        .filter(Member::JoinedSeq.eq(before))
        .filter(Member::LastReadSeq.eq(0))
        .exec(tx)
        .await?;
    Ok(())
}
