//! Writes what a batch has decided, in few multi-row statements.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{CaseStatement, Expr, SimpleExpr, Value},
};
use uuid::Uuid;

use super::working::{ReadStep, Working};
use crate::{
    Result,
    lists::padded,
    queries::{self, ROWS},
    tables::{files, mentions, message_versions, messages, pins, reactions, read_steps, room_members, rooms},
};

pub(super) async fn store(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    store_new_messages(tx, working).await?;
    store_changed_messages(tx, working).await?;
    store_versions(tx, working).await?;
    store_files(tx, working).await?;
    store_reactions(tx, working).await?;
    store_mentions(tx, working).await?;
    store_unpinned(tx, working).await?;
    store_reads(tx, working).await?;
    queries::read_marks::store(tx, &working.writes.marks).await?;
    store_rooms(tx, working).await
}

async fn store_new_messages(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    for ids in working.writes.messages.chunks(ROWS) {
        let rows = ids.iter().filter_map(|id| working.messages.get(id).cloned());
        messages::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn store_changed_messages(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    for row in working.writes.changed.iter().filter_map(|id| working.messages.get(id)) {
        messages::Entity::update_many()
            .col_expr(messages::Column::Revision, Expr::value(row.revision))
            .col_expr(messages::Column::Content, Expr::value(row.content.as_str()))
            .col_expr(messages::Column::ContentHtml, Expr::value(row.content_html.as_str()))
            .col_expr(messages::Column::EditedAt, Expr::value(row.edited_at))
            .col_expr(messages::Column::DeletedAt, Expr::value(row.deleted_at))
            .filter(messages::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn store_versions(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    for versions in working.writes.versions.chunks(ROWS) {
        message_versions::Entity::insert_many(
            versions.iter().cloned().map(IntoActiveModel::into_active_model),
        )
        .exec_without_returning(tx)
        .await?;
    }
    if !working.writes.forgotten.is_empty() {
        message_versions::Entity::delete_many()
            .filter(
                message_versions::Column::MessageId.is_in(padded(working.writes.forgotten.iter().copied())),
            )
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Uploads become part of their messages; those of messages that are deleted are nobody's any more.
async fn store_files(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let writes = &working.writes;
    let rows: Vec<&files::Model> = writes.claimed.iter().filter_map(|id| working.files.get(id)).collect();
    for rows in rows.chunks(ROWS) {
        let claimed = queries::files::claim(tx, rows).await?;
        if claimed != rows.len() as u64 {
            return Err(DbErr::Custom("an upload was taken in spite of its lock".to_owned()).into());
        }
    }
    if !writes.emptied.is_empty() {
        queries::files::discard_of_messages(tx, &writes.emptied).await?;
    }
    Ok(())
}

/// All that was touched goes, and what stands in the end comes: a reaction may have been taken back and made again.
async fn store_reactions(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let writes = &working.writes;
    let touched = writes.reactions.keys().fold(Condition::any(), |any, (message, user, emoji)| {
        let is_message = reactions::Column::MessageId.eq(*message);
        any.add(is_message.and(reactions::Column::UserId.eq(*user)).and(reactions::Column::Emoji.eq(emoji)))
    });
    let gone = touched.add(reactions::Column::MessageId.is_in(padded(writes.forgotten.iter().copied())));
    if !writes.reactions.is_empty() || !writes.forgotten.is_empty() {
        reactions::Entity::delete_many().filter(gone).exec(tx).await?;
    }
    let made = writes.reactions.iter().filter_map(|((message_id, user_id, emoji), created_at)| {
        Some(reactions::Model {
            message_id: *message_id,
            user_id: *user_id,
            emoji: emoji.clone(),
            created_at: (*created_at)?,
        })
    });
    let made: Vec<_> = made.map(IntoActiveModel::into_active_model).collect();
    for made in made.chunks(ROWS) {
        reactions::Entity::insert_many(made.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What a text mentioned before goes first: an edit may mention the same people again.
async fn store_mentions(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let writes = &working.writes;
    if !writes.unmentioned.is_empty() {
        mentions::Entity::delete_many()
            .filter(mentions::Column::MessageId.is_in(padded(writes.unmentioned.iter().copied())))
            .exec(tx)
            .await?;
    }
    for rows in writes.mentions.chunks(ROWS) {
        mentions::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn store_unpinned(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let unpinned = &working.writes.unpinned;
    if !unpinned.is_empty() {
        pins::Entity::delete_many()
            .filter(pins::Column::MessageId.is_in(padded(unpinned.iter().copied())))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Readers who stepped to the same message share a statement. Another node may have moved a cursor further
/// meanwhile: the condition on the cursor keeps it from going back.
async fn store_reads(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let reads = &working.writes.reads;
    let mut readers: BTreeMap<(Uuid, i64), (&ReadStep, Vec<Uuid>)> = BTreeMap::new();
    for ((room, user), step) in reads {
        readers.entry((*room, step.seq)).or_insert_with(|| (step, Vec::new())).1.push(*user);
    }
    for ((room, seq), (step, users)) in readers {
        room_members::Entity::update_many()
            .col_expr(room_members::Column::LastReadSeq, Expr::value(seq))
            .col_expr(room_members::Column::LastReadMessageId, Expr::value(step.message_id))
            .col_expr(room_members::Column::LastReadAt, Expr::value(step.read_at))
            .filter(room_members::Column::RoomId.eq(room))
            .filter(room_members::Column::UserId.is_in(padded(users)))
            .filter(room_members::Column::LastReadSeq.lt(seq))
            .exec(tx)
            .await?;
    }
    let steps: Vec<_> = reads
        .iter()
        .map(|((room_id, user_id), step)| read_steps::Model {
            room_id: *room_id,
            user_id: *user_id,
            seq: step.seq,
            read_at: step.read_at,
        })
        .collect();
    for steps in steps.chunks(ROWS) {
        read_steps::Entity::insert_many(steps.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn store_rooms(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    let rows: Vec<&rooms::Model> =
        working.writes.rooms.iter().filter_map(|id| working.rooms.get(id)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Revision, by_room(&rows, |row| row.revision.into()))
        .col_expr(rooms::Column::LastMessageId, by_room(&rows, |row| row.last_message_id.into()))
        .col_expr(rooms::Column::LastSeq, by_room(&rows, |row| row.last_seq.into()))
        .col_expr(rooms::Column::LastActivityAt, by_room(&rows, |row| row.last_activity_at.into()))
        .filter(rooms::Column::Id.is_in(padded(rows.iter().map(|row| row.id))))
        .exec(tx)
        .await?;
    Ok(())
}

/// The value for each room: plain for one, a `CASE` over the ids for several.
fn by_room(rows: &[&rooms::Model], value: impl Fn(&rooms::Model) -> Value) -> SimpleExpr {
    match rows {
        [row] => Expr::value(value(row)),
        rows => rows
            .iter()
            .fold(CaseStatement::new(), |case, row| {
                case.case(Expr::col(rooms::Column::Id).eq(row.id), Expr::value(value(row)))
            })
            .into(),
    }
}
