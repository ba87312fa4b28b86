//! What an account holds, and what all hold, page by page: each page goes on behind the last row of the one before.

use std::collections::HashMap;

use charla_protocol::{RoomId, SessionId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    Result,
    lists::padded,
    tables::{files, message_versions, messages, pins, reactions, room_members, rooms, sessions, users},
};

/// The account's messages of ids past `after` and up to `until`, in their order; deleted ones and those of the system are not
/// among them.
///
/// # Errors
/// Those of the database.
pub async fn messages(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Uuid,
    until: Uuid,
    limit: u64,
) -> Result<Vec<messages::Model>> {
    Ok(messages::Entity::find()
        .filter(messages::Column::SenderId.eq(user.0))
        .filter(messages::Column::Id.gt(after))
        .filter(messages::Column::Id.lte(until))
        .filter(messages::Column::DeletedAt.is_null())
        .filter(messages::Column::MessageType.ne("system"))
        .order_by_asc(messages::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// What these messages said before, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn versions(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, Vec<message_versions::Model>>> {
    let edited = rows.iter().filter(|row| row.edited_at.is_some()).map(|row| row.id);
    let rows = message_versions::Entity::find()
        .filter(message_versions::Column::MessageId.is_in(padded(edited)))
        .order_by_asc(message_versions::Column::MessageId)
        .order_by_asc(message_versions::Column::ReplacedBy)
        .all(db)
        .await?;
    let mut versions: HashMap<Uuid, Vec<message_versions::Model>> = HashMap::new();
    for row in rows {
        versions.entry(row.message_id).or_default().push(row);
    }
    Ok(versions)
}

/// The account's reactions past that message and emoji.
///
/// # Errors
/// Those of the database.
pub async fn reactions(
    db: &impl ConnectionTrait,
    user: UserId,
    after: (Uuid, &str),
    limit: u64,
) -> Result<Vec<reactions::Model>> {
    let same = Condition::all()
        .add(reactions::Column::MessageId.eq(after.0))
        .add(reactions::Column::Emoji.gt(after.1));
    Ok(reactions::Entity::find()
        .filter(reactions::Column::UserId.eq(user.0))
        .filter(Condition::any().add(reactions::Column::MessageId.gt(after.0)).add(same))
        .order_by_asc(reactions::Column::MessageId)
        .order_by_asc(reactions::Column::Emoji)
        .limit(limit)
        .all(db)
        .await?)
}

/// The files that the account has uploaded, past that id; those of deleted messages are not among them.
///
/// # Errors
/// Those of the database.
pub async fn files(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Uuid,
    limit: u64,
) -> Result<Vec<files::Model>> {
    let is_there = Condition::any().add(files::Column::MessageId.is_null()).add(
        Condition::all().add(messages::Column::Id.is_not_null()).add(messages::Column::DeletedAt.is_null()),
    );
    let is_kept = files::Column::Purpose
        .is_in([files::Purpose::Attachment, files::Purpose::Avatar].map(files::Purpose::as_str));
    Ok(files::Entity::find()
        .left_join(messages::Entity)
        .filter(files::Column::UploaderId.eq(user.0))
        .filter(is_kept)
        .filter(files::Column::Id.gt(after))
        .filter(is_there)
        .order_by_asc(files::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// The account's sessions past that id, ended or not.
///
/// # Errors
/// Those of the database.
pub async fn sessions(
    db: &impl ConnectionTrait,
    user: UserId,
    after: SessionId,
    limit: u64,
) -> Result<Vec<sessions::Model>> {
    Ok(sessions::Entity::find()
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::Id.gt(after.0))
        .order_by_asc(sessions::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// How many people, rooms and messages there are, together.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait) -> Result<u64> {
    let people = users::Entity::find().count(db).await?;
    let rooms = rooms::Entity::find().count(db).await?;
    Ok(people + rooms + messages::Entity::find().count(db).await?)
}

/// People past that id, deleted accounts too.
///
/// # Errors
/// Those of the database.
pub async fn people(db: &impl ConnectionTrait, after: Uuid, limit: u64) -> Result<Vec<users::Model>> {
    let rows = users::Entity::find().filter(users::Column::Id.gt(after));
    Ok(rows.order_by_asc(users::Column::Id).limit(limit).all(db).await?)
}

/// Rooms past that id, closed ones too.
///
/// # Errors
/// Those of the database.
pub async fn rooms(db: &impl ConnectionTrait, after: Uuid, limit: u64) -> Result<Vec<rooms::Model>> {
    let rows = rooms::Entity::find().filter(rooms::Column::Id.gt(after));
    Ok(rows.order_by_asc(rooms::Column::Id).limit(limit).all(db).await?)
}

/// The members of a room, by the time they joined.
///
/// # Errors
/// Those of the database.
pub async fn members(db: &impl ConnectionTrait, room: RoomId) -> Result<Vec<room_members::Model>> {
    Ok(room_members::Entity::find()
        .filter(room_members::Column::RoomId.eq(room.0))
        .order_by_asc(room_members::Column::JoinedAt)
        .order_by_asc(room_members::Column::UserId)
        .all(db)
        .await?)
}

/// The pins of a room, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn pins(db: &impl ConnectionTrait, room: RoomId) -> Result<Vec<pins::Model>> {
    Ok(pins::Entity::find()
        .filter(pins::Column::RoomId.eq(room.0))
        .order_by_asc(pins::Column::PinnedAt)
        .order_by_asc(pins::Column::MessageId)
        .all(db)
        .await?)
}

/// All messages of a room past that seq, in their order.
///
/// # Errors
/// Those of the database.
pub async fn timeline(
    db: &impl ConnectionTrait,
    room: RoomId,
    after: i64,
    limit: u64,
) -> Result<Vec<messages::Model>> {
    Ok(messages::Entity::find()
        .filter(messages::Column::RoomId.eq(room.0))
        .filter(messages::Column::Seq.gt(after))
        .order_by_asc(messages::Column::Seq)
        .limit(limit)
        .all(db)
        .await?)
}

/// Who has reacted to these messages.
///
/// # Errors
/// Those of the database.
pub async fn reactions_to(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, Vec<reactions::Model>>> {
    let rows = reactions::Entity::find()
        .filter(reactions::Column::MessageId.is_in(padded(rows.iter().map(|row| row.id))))
        .order_by_asc(reactions::Column::MessageId)
        .order_by_asc(reactions::Column::CreatedAt)
        .all(db)
        .await?;
    let mut reactions: HashMap<Uuid, Vec<reactions::Model>> = HashMap::new();
    for row in rows {
        reactions.entry(row.message_id).or_default().push(row);
    }
    Ok(reactions)
}
