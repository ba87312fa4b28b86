//! Writes what a batch has decided, in few multi-row statements.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::working::{ReadStep, Working};
use crate::{
    Result,
    dialect::{any_key, insert_all, update_all},
    lists::padded,
    queries,
    tables::{files, mentions, message_versions, messages, pins, reactions, read_steps, room_members, rooms},
};

/// Uploads that a statement claims at most.
const CLAIMED: usize = 500;

pub(super) async fn store(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    store_new_messages(tx, working).await?;
    store_changed_messages(tx, working).await?;
    store_versions(tx, working).await?;
    store_files(tx, working).await?;
    store_reactions(tx, working).await?;
    store_mentions(tx, working).await?;
    insert_all(tx, working.writes.replies.iter().cloned()).await?;
    store_unpinned(tx, working).await?;
    store_reads(tx, working).await?;
    queries::read_marks::store(tx, &working.writes.marks).await?;
    store_rooms(tx, working).await?;
    // Last: its lock is one for all rooms.
    queries::audit::append(tx, &working.writes.acts).await
}

async fn store_new_messages(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    insert_all(tx, working.writes.messages.iter().filter_map(|id| working.messages.get(id).cloned())).await
}

async fn store_changed_messages(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    use messages::Column::{Content, ContentHtml, DeletedAt, EditedAt, Id, Revision};
    let rows = working.writes.changed.iter().filter_map(|id| working.messages.get(id));
    let rows = rows.map(|row| {
        let values = [
            row.revision.into(),
            row.content.as_str().into(),
            row.content_html.as_str().into(),
            row.edited_at.into(),
            row.deleted_at.into(),
        ];
        (row.id.into(), values)
    });
    update_all(tx, (Id, [Revision, Content, ContentHtml, EditedAt, DeletedAt]), rows).await
}

async fn store_versions(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    insert_all(tx, working.writes.versions.iter().cloned()).await?;
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
    for rows in rows.chunks(CLAIMED) {
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
    use reactions::Column::{Emoji, MessageId, UserId};
    let writes = &working.writes;
    if !writes.reactions.is_empty() {
        let touched = writes.reactions.keys();
        let keys = touched.map(|(message, user, emoji)| [(*message).into(), emoji.into(), (*user).into()]);
        let are_touched = any_key(tx, [MessageId, Emoji, UserId], keys);
        reactions::Entity::delete_many().filter(are_touched).exec(tx).await?;
    }
    if !writes.forgotten.is_empty() {
        let are_forgotten = MessageId.is_in(padded(writes.forgotten.iter().copied()));
        reactions::Entity::delete_many().filter(are_forgotten).exec(tx).await?;
    }
    let made = writes.reactions.iter().filter_map(|((message_id, user_id, emoji), created_at)| {
        Some(reactions::Model {
            message_id: *message_id,
            user_id: *user_id,
            emoji: emoji.clone(),
            created_at: (*created_at)?,
        })
    });
    insert_all(tx, made).await
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
    insert_all(tx, writes.mentions.iter().cloned()).await
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
    let steps = reads.iter().map(|((room_id, user_id), step)| read_steps::Model {
        room_id: *room_id,
        user_id: *user_id,
        seq: step.seq,
        read_at: step.read_at,
    });
    insert_all(tx, steps).await
}

async fn store_rooms(tx: &DatabaseTransaction, working: &Working) -> Result<()> {
    use rooms::Column::{Id, LastActivityAt, LastMessageId, LastSeq, Revision};
    let rows = working.writes.rooms.iter().filter_map(|id| working.rooms.get(id));
    let rows = rows.map(|row| {
        let values = [
            row.revision.into(),
            row.last_message_id.into(),
            row.last_seq.into(),
            row.last_activity_at.into(),
        ];
        (row.id.into(), values)
    });
    update_all(tx, (Id, [Revision, LastMessageId, LastSeq, LastActivityAt]), rows).await
}
