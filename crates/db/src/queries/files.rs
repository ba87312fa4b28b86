//! Files: who may see one, those of messages, and how they come and go.
//!
//! A file begins as `arriving`, before its bytes are stored, and ends as `discarded`, until they are gone: whatever is in the
//! storage has a row that leads to it.

use std::collections::HashMap;

use charla_protocol::{Timestamp, UserId, messages::Attachment};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::members;
use crate::{
    Result,
    lists::padded,
    tables::{
        files::{self, Purpose},
        messages, room_members, users,
    },
};

/// A file, and what decides whether a viewer may see it.
#[derive(Clone, Debug)]
pub struct Found {
    pub file: files::Model,
    /// The message it is part of.
    pub message: Option<messages::Model>,
    /// The viewer's membership in the room of that message.
    pub member: Option<room_members::Model>,
}

impl Found {
    /// An avatar: everybody who is signed in. A part of a message: the members of its room from whom it is not hidden,
    /// until it is deleted. A part of none yet: its uploader alone.
    pub fn is_visible_to(&self, viewer: UserId) -> bool {
        match (self.file.purpose(), self.file.message_id) {
            (Purpose::Arriving | Purpose::Discarded, _) => false,
            (Purpose::Avatar, _) => true,
            (Purpose::Attachment, None) => self.file.uploader_id == viewer.0,
            (Purpose::Attachment, Some(_)) => {
                let (Some(message), Some(member)) = (&self.message, &self.member) else { return false };
                message.deleted_at.is_none() && message.seq > member.hidden_seq
            }
        }
    }
}

/// A file with what decides on access for `viewer`.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: Uuid, viewer: UserId) -> Result<Option<Found>> {
    let found = files::Entity::find_by_id(id).find_also_related(messages::Entity).one(db).await?;
    let Some((file, message)) = found else { return Ok(None) };
    let member = match &message {
        Some(message) => members::find(db, message.room(), viewer).await?,
        None => None,
    };
    Ok(Some(Found { file, message, member }))
}

/// The row of a file, whoever may see it.
///
/// # Errors
/// Those of the database.
pub async fn find_row(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<files::Model>> {
    Ok(files::Entity::find_by_id(id).one(db).await?)
}

/// The files whose bytes are stored and of use, past that id.
///
/// # Errors
/// Those of the database.
pub async fn stored(db: &impl ConnectionTrait, after: Uuid, limit: u64) -> Result<Vec<files::Model>> {
    Ok(files::Entity::find()
        .filter(files::Column::Id.gt(after))
        .filter(is(&[Purpose::Attachment, Purpose::Avatar]))
        .order_by_asc(files::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// The attachments of these messages, each message's in their order. Only those that can have any are asked for:
/// a page of texts costs no query.
///
/// # Errors
/// Those of the database.
pub async fn of_messages(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, Vec<Attachment>>> {
    let ids: Vec<Uuid> =
        rows.iter().filter(|row| row.has_files() && row.deleted_at.is_none()).map(|row| row.id).collect();
    let mut attachments: HashMap<Uuid, Vec<Attachment>> = HashMap::new();
    if ids.is_empty() {
        return Ok(attachments);
    }
    let files = files::Entity::find()
        .filter(files::Column::MessageId.is_in(padded(ids)))
        .order_by_asc(files::Column::MessageId)
        .order_by_asc(files::Column::Position)
        .all(db)
        .await?;
    for file in files {
        if let Some(message) = file.message_id {
            attachments.entry(message).or_default().push(file.attachment());
        }
    }
    Ok(attachments)
}

/// Notes a file, before or after its bytes are stored.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &impl ConnectionTrait, file: files::Model) -> Result<()> {
    files::Entity::insert(file.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// What somebody has uploaded that is part of no message yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub files: u64,
    pub bytes: u64,
    /// When the first of them came.
    pub since: Timestamp,
}

/// # Errors
/// Those of the database.
pub async fn waiting(db: &impl ConnectionTrait, uploader: UserId) -> Result<Option<Waiting>> {
    // The rows themselves: there are few, and each database has its own idea of the type of a sum.
    let rows: Vec<(i64, i64)> = files::Entity::find()
        .select_only()
        .columns([files::Column::Size, files::Column::CreatedAt])
        .filter(files::Column::UploaderId.eq(uploader.0))
        .filter(files::Column::MessageId.is_null())
        .filter(is(&[Purpose::Arriving, Purpose::Attachment]))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.iter().map(|(_, created_at)| *created_at).min().map(|since| Waiting {
        files: rows.len() as u64,
        bytes: rows.iter().map(|(size, _)| size.unsigned_abs()).sum(),
        since: Timestamp::from_millis(since),
    }))
}

/// The bytes of a file are stored: it is now for `purpose`, which is `Discarded` where nobody wants it any more. False where it
/// is on its way no longer.
///
/// # Errors
/// Those of the database.
pub async fn arrived(tx: &impl ConnectionTrait, id: Uuid, purpose: Purpose) -> Result<bool> {
    let done = files::Entity::update_many()
        .col_expr(files::Column::Purpose, Expr::value(purpose.as_str()))
        .filter(files::Column::Id.eq(id))
        .filter(is(&[Purpose::Arriving]))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What a file is for, if there is a row of it.
///
/// # Errors
/// Those of the database.
pub async fn purpose(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Purpose>> {
    Ok(find_row(db, id).await?.map(|file| file.purpose()))
}

/// Makes uploads part of the messages that stand in the rows, and gives how many were free to be so: one statement for all.
///
/// # Errors
/// Those of the database.
pub async fn claim(tx: &impl ConnectionTrait, rows: &[&files::Model]) -> Result<u64> {
    let by_id = |value: fn(&files::Model) -> sea_orm::Value| {
        rows.iter().fold(CaseStatement::new(), |case, row| {
            case.case(Expr::col(files::Column::Id).eq(row.id), Expr::value(value(row)))
        })
    };
    let done = files::Entity::update_many()
        .col_expr(files::Column::Position, by_id(|row| row.position.into()).into())
        .col_expr(files::Column::MessageId, by_id(|row| row.message_id.into()).into())
        .filter(files::Column::Id.is_in(padded(rows.iter().map(|row| row.id))))
        .filter(files::Column::MessageId.is_null())
        .filter(is(&[Purpose::Attachment]))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Nobody needs a file any more.
///
/// # Errors
/// Those of the database.
pub async fn discard(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    discard_where(tx, files::Column::Id.eq(id)).await
}

/// Nobody needs the files of these messages any more.
///
/// # Errors
/// Those of the database.
pub async fn discard_of_messages(tx: &impl ConnectionTrait, messages: &[Uuid]) -> Result<()> {
    discard_where(tx, files::Column::MessageId.is_in(padded(messages.iter().copied()))).await
}

/// Nobody needs the account's picture any more, nor what it has uploaded without sending it. What is on its way stays until its
/// bytes are stored, or a day has passed: else they would come when the clean-up has forgotten it.
///
/// # Errors
/// Those of the database.
pub async fn discard_of_account(tx: &impl ConnectionTrait, user: &users::Model) -> Result<()> {
    let is_unsent = files::Column::MessageId.is_null().and(files::Column::UploaderId.eq(user.id));
    discard_where(tx, is_unsent.and(is(&[Purpose::Attachment]))).await?;
    match user.avatar_id {
        Some(avatar) => discard(tx, avatar).await,
        None => Ok(()),
    }
}

/// Nobody needs what came before `limit` and is part of no message, or has never been stored as a whole.
///
/// # Errors
/// Those of the database.
pub async fn discard_unclaimed(tx: &impl ConnectionTrait, limit: Timestamp) -> Result<()> {
    let is_unclaimed = files::Column::MessageId.is_null().and(files::Column::CreatedAt.lt(limit.millis()));
    discard_where(tx, is_unclaimed.and(is(&[Purpose::Arriving, Purpose::Attachment]))).await
}

async fn discard_where(tx: &impl ConnectionTrait, files: Expr) -> Result<()> {
    files::Entity::update_many()
        .col_expr(files::Column::Purpose, Expr::value(Purpose::Discarded.as_str()))
        .filter(files)
        .exec(tx)
        .await?;
    Ok(())
}

/// Files that nobody needs any more, by their ids: those past `after`, at most `limit`.
///
/// # Errors
/// Those of the database.
pub async fn discarded(db: &impl ConnectionTrait, after: Option<Uuid>, limit: u64) -> Result<Vec<Uuid>> {
    let mut query = files::Entity::find();
    if let Some(after) = after {
        query = query.filter(files::Column::Id.gt(after));
    }
    Ok(query
        .select_only()
        .column(files::Column::Id)
        .filter(is(&[Purpose::Discarded]))
        .order_by_asc(files::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// Forgets files whose bytes are gone.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    files::Entity::delete_many()
        .filter(files::Column::Id.is_in(padded(ids.iter().copied())))
        .filter(is(&[Purpose::Discarded]))
        .exec(tx)
        .await?;
    Ok(())
}

fn is(purposes: &[Purpose]) -> Expr {
    files::Column::Purpose.is_in(purposes.iter().map(|purpose| purpose.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWER: UserId = UserId(Uuid::from_u128(1));
    const OTHER: UserId = UserId(Uuid::from_u128(2));
    const MESSAGE: Uuid = Uuid::from_u128(3);

    fn file(purpose: Purpose, uploader: UserId, message_id: Option<Uuid>) -> files::Model {
        files::Model { message_id, ..files::Model::blank(Uuid::from_u128(4), uploader.0, purpose, 0) }
    }

    fn message(deleted_at: Option<i64>) -> messages::Model {
        messages::Model {
            id: MESSAGE,
            room_id: Uuid::nil(),
            seq: 5,
            revision: 5,
            sender_id: OTHER.0,
            message_type: "image".to_owned(),
            content: String::new(),
            content_html: String::new(),
            system: None,
            reply_to_id: None,
            client_id: None,
            created_at: 0,
            edited_at: None,
            deleted_at,
        }
    }

    fn member(hidden_seq: i64) -> room_members::Model {
        room_members::Model {
            room_id: Uuid::nil(),
            user_id: VIEWER.0,
            role: 0,
            joined_at: 0,
            joined_seq: 0,
            hidden_seq,
            last_read_seq: 0,
            last_read_message_id: None,
            last_read_at: None,
            notify: "all".to_owned(),
            muted_until: None,
            pinned: false,
        }
    }

    #[test]
    fn who_sees_a_file() {
        use Purpose::{Arriving, Attachment, Avatar, Discarded};
        let claimed = Some(MESSAGE);
        let rows = [
            ("an avatar", file(Avatar, OTHER, None), None, None, true),
            ("not stored yet", file(Arriving, VIEWER, None), None, None, false),
            ("nobody's any more", file(Discarded, VIEWER, None), None, None, false),
            ("one's own, not sent yet", file(Attachment, VIEWER, None), None, None, true),
            ("another's, not sent yet", file(Attachment, OTHER, None), None, None, false),
            ("as a member", file(Attachment, OTHER, claimed), Some(message(None)), Some(member(4)), true),
            ("as a stranger", file(Attachment, OTHER, claimed), Some(message(None)), None, false),
            ("no longer a member", file(Attachment, VIEWER, claimed), Some(message(None)), None, false),
            ("hidden", file(Attachment, OTHER, claimed), Some(message(None)), Some(member(5)), false),
            ("deleted", file(Attachment, VIEWER, claimed), Some(message(Some(1))), Some(member(0)), false),
            ("its message is gone", file(Attachment, VIEWER, claimed), None, None, false),
        ];
        for (case, file, message, member, expected) in rows {
            assert_eq!(Found { file, message, member }.is_visible_to(VIEWER), expected, "{case}");
        }
    }
}
