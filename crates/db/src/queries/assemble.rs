//! Makes wire messages of rows: adds senders, quotes and counts, with one query for each kind however many rows. Only the words
//! of system messages are left out: they come with the reader's language.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{
    MessageId, RoomId, Timestamp, UserId,
    messages::{Message, Quote},
    users::UserSummary,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    blocks, files,
    listed::{self, Listed},
    mentions::{self, Mentions},
    reactions::{self, Own},
    reads::{self, ReadCounts},
    summaries::{self, People},
};
use crate::{
    Result,
    lists::padded,
    tables::{
        messages,
        users::{Receipts, Viewer},
    },
};

/// Characters of a message that a quote shows.
pub const QUOTE_CHARACTERS: usize = 200;

/// The messages of these rows as they now stand, in the same order, for that viewer.
///
/// # Errors
/// Those of the database.
pub async fn messages(
    db: &impl ConnectionTrait,
    rows: Vec<messages::Model>,
    viewer: Viewer,
) -> Result<Vec<Message>> {
    listed(db, listed::of(db, rows).await?, viewer).await
}

/// The same of messages that were read as they are listed.
///
/// # Errors
/// Those of the database.
pub async fn listed(db: &impl ConnectionTrait, listed: Vec<Listed>, viewer: Viewer) -> Result<Vec<Message>> {
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let (rows, beside): (Vec<messages::Model>, Vec<(UserSummary, u64)>) =
        listed.into_iter().map(|listed| (listed.row, (listed.sender, listed.reply_count))).unzip();
    let quoted = quoted_rows(db, &rows).await?;
    let replies: Vec<u64> = beside.iter().map(|(_, replies)| *replies).collect();
    let senders = beside.into_iter().map(|(sender, _)| (sender.id.0, sender)).collect();
    let people = people(db, senders, &rows, &quoted).await?;
    let reads = match viewer.receipts {
        Receipts::Shared => reads::counts(db, &rows).await?,
        Receipts::Kept => ReadCounts::default(),
    };
    let parted = blocks::parted_among(db, maybe_direct(&rows, &reads)).await?;
    let attachments = files::of_messages(db, &rows).await?;
    let reactions = reactions::of_messages(db, &rows, viewer.id).await?;
    let mentioned = mentions::of_messages(db, &rows).await?;
    let nobody = Mentions::default();
    // A message may stand in several rows: a batch that changed it twice tells it twice.
    Ok(rows
        .iter()
        .zip(replies)
        .map(|(row, reply_count)| Message {
            reply_count,
            read_by_count: if parted.contains(&row.room()) { 0 } else { reads.of(row) },
            attachments: attachments.get(&row.id).cloned().unwrap_or_default(),
            reactions: reactions.get(&row.id).cloned().unwrap_or_default(),
            ..fresh(row, mentioned.get(&row.id).unwrap_or(&nobody), &people, &quoted)
        })
        .collect())
}

/// Where a message was read by one other and none by more: only there may a block part those two, and then neither is told what
/// the other reads.
fn maybe_direct(rows: &[messages::Model], reads: &ReadCounts) -> BTreeSet<RoomId> {
    let by = |count: fn(u64) -> bool| {
        rows.iter().filter(move |row| count(reads.of(row))).map(messages::Model::room).collect()
    };
    let (one, more): (BTreeSet<RoomId>, BTreeSet<RoomId>) = (by(|count| count == 1), by(|count| count > 1));
    &one - &more
}

/// Messages that were put together for everybody who shares their receipts, each as its viewer sees it, in the same order.
///
/// # Errors
/// Those of the database.
pub async fn for_viewers(db: &impl ConnectionTrait, seen: Vec<(Message, Viewer)>) -> Result<Vec<Message>> {
    let reacted = seen.iter().filter(|(message, _)| !message.reactions.is_empty());
    let ids: BTreeSet<Uuid> = reacted.map(|(message, _)| message.id.0).collect();
    let people: BTreeSet<UserId> = seen.iter().filter_map(|(_, viewer)| viewer.id).collect();
    let own = match ids.is_empty() || people.is_empty() {
        true => Own::new(),
        false => reactions::own(db, ids, people).await?,
    };
    Ok(seen.into_iter().map(|(message, viewer)| seen_by(message, viewer, &own)).collect())
}

fn seen_by(mut message: Message, viewer: Viewer, own: &Own) -> Message {
    if viewer.receipts == Receipts::Kept {
        message.read_by_count = 0;
    }
    for reaction in &mut message.reactions {
        reaction.me = viewer.id.map(|id| own.contains(&(message.id.0, id, reaction.emoji.clone())));
    }
    message
}

/// A message nobody has read, answered or reacted to yet, without attachments.
pub fn fresh(
    row: &messages::Model,
    mentions: &Mentions,
    people: &People,
    quoted: &HashMap<Uuid, messages::Model>,
) -> Message {
    let is_deleted = row.deleted_at.is_some();
    Message {
        id: row.message_id(),
        room: row.room(),
        seq: row.seq,
        revision: row.revision,
        sender: summary(people, row.sender_id),
        content: row.content.clone(),
        content_html: row.content_html.clone(),
        message_type: row.message_type(),
        attachments: Vec::new(),
        reply_to: row.reply_to_id.and_then(|id| quoted.get(&id)).map(|row| quote(people, row)),
        reply_count: 0,
        reactions: Vec::new(),
        mentions: mentions.people.clone(),
        mentions_room: mentions.room,
        client_id: row.client_id.clone(),
        created_at: Timestamp::from_millis(row.created_at),
        edited_at: row.edited_at.filter(|_| !is_deleted).map(Timestamp::from_millis),
        is_edited: row.edited_at.is_some() && !is_deleted,
        is_deleted,
        read_by_count: 0,
        system: row.event().map(|event| event.wire(people)),
    }
}

fn quote(people: &People, row: &messages::Model) -> Quote {
    Quote {
        id: MessageId(row.id),
        sender: summary(people, row.sender_id),
        content: row.content.chars().take(QUOTE_CHARACTERS).collect(),
        message_type: row.message_type(),
        is_deleted: row.deleted_at.is_some(),
        system: row.event().map(|event| event.wire(people)),
    }
}

/// A user's row is never deleted, so the second case is only for the type.
fn summary(people: &People, id: Uuid) -> UserSummary {
    people.get(&id).cloned().unwrap_or_else(|| UserSummary {
        id: id.into(),
        username: String::new(),
        display_name: String::new(),
        avatar_url: None,
        is_bot: false,
    })
}

async fn quoted_rows(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, messages::Model>> {
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.reply_to_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let quoted = messages::Entity::find().filter(messages::Column::Id.is_in(padded(ids))).all(db).await?;
    Ok(quoted.into_iter().map(|row| (row.id, row)).collect())
}

/// Those who are known, and whom the rows and what they quote name besides.
async fn people(
    db: &impl ConnectionTrait,
    mut known: People,
    rows: &[messages::Model],
    quoted: &HashMap<Uuid, messages::Model>,
) -> Result<People> {
    let named = rows.iter().chain(quoted.values()).flat_map(messages::Model::named);
    let others: BTreeSet<Uuid> = named.filter(|id| !known.contains_key(id)).collect();
    known.extend(summaries::of(db, others).await?);
    Ok(known)
}
