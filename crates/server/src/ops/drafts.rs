//! What people have typed and not sent: the same on all of their devices. What was written last holds.
//!
//! A draft changes nothing in its room, and so does not wait for the room's lane.

use charla_db::{
    Db, Error as DbError, Notice, Transaction, queries,
    tables::{drafts, messages},
};
use charla_permissions::Permission;
use charla_protocol::{
    MessageId, RoomId, UserId,
    drafts::{Draft, PutDraft},
};

use super::{messages::MAX_CONTENT, retry};
use crate::{
    App,
    error::{Error, FieldError, Result},
    text,
};

/// Keeps a draft in the place of the one before. Blank text that answers nothing deletes it.
///
/// # Errors
/// `validation_failed`, `not_a_member`, `not_found`, `room_closed`.
pub async fn put(app: &App, user: UserId, room: RoomId, body: &PutDraft) -> Result<Draft> {
    let content = text::clean(&body.content);
    if content.chars().count() > MAX_CONTENT {
        return Err(Error::fields(vec![FieldError::new("content", "too_long").with("max", MAX_CONTENT)]));
    }
    if text::is_blank(&content) && body.reply_to_id.is_none() {
        delete(app, user, room).await?;
        return Ok(Draft::none(room));
    }
    let row = drafts::Model {
        user_id: user.0,
        room_id: room.0,
        content,
        reply_to_id: body.reply_to_id.map(Into::into),
        updated_at: app.clock.now().millis(),
    };
    retry::on_busy(|| store(&app.db, row.clone())).await?;
    let draft = row.wire();
    app.tell(vec![Notice::Draft { user_id: user, draft: draft.clone() }]).await;
    Ok(draft)
}

/// Deletes the draft, where there is one.
///
/// # Errors
/// `not_a_member`, `not_found`.
pub async fn delete(app: &App, user: UserId, room: RoomId) -> Result<()> {
    if retry::on_busy(|| remove(&app.db, user, room)).await? {
        app.tell(vec![Notice::Draft { user_id: user, draft: Draft::none(room) }]).await;
    }
    Ok(())
}

async fn store(db: &Db, draft: drafts::Model) -> charla_db::Result<()> {
    let (user, room) = (UserId(draft.user_id), RoomId(draft.room_id));
    let tx = db.begin().await?;
    let hidden_seq = hold(&tx, user, room, Permission::SendMessage).await?;
    if let Some(target) = draft.reply_to_id.map(MessageId) {
        let row = queries::messages::find(&tx, target).await?;
        let found = row.filter(|row| is_answerable(row, room, hidden_seq));
        found.ok_or(DbError::Rejected { field: "reply_to_id", reason: "unknown_message" })?;
    }
    queries::drafts::replace(&tx, draft).await?;
    Ok(tx.commit().await?)
}

fn is_answerable(row: &messages::Model, room: RoomId, hidden_seq: i64) -> bool {
    row.room_id == room.0 && row.seq > hidden_seq && row.deleted_at.is_none()
}

async fn remove(db: &Db, user: UserId, room: RoomId) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    hold(&tx, user, room, Permission::ReadMessages).await?;
    let was_there = queries::drafts::delete(&tx, user, room).await?;
    tx.commit().await?;
    Ok(was_there)
}

/// Holds the account and the membership, so that neither ends before the draft is written, and gives the seq up to which the room is
/// hidden from the member.
async fn hold(
    tx: &Transaction,
    user: UserId,
    room: RoomId,
    permission: Permission,
) -> charla_db::Result<i64> {
    queries::users::check_active(tx, user).await?;
    queries::members::lock(tx, room, user).await?;
    let access = queries::access::load(tx, room, user, false).await?;
    access.check(permission)?;
    Ok(access.hidden_seq())
}
