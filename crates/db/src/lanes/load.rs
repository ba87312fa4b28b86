//! Reads what a batch needs to decide on its commands: a handful of queries, however large the batch.

use std::collections::{BTreeSet, HashMap, HashSet};

use charla_protocol::{Timestamp, users::DirectMessages};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{command::Command, contacts, slow_mode, working::Working};
use crate::{
    Result,
    dialect::any_key,
    lists::padded,
    queries::{LIST, members},
    tables::{files, messages, pins, reactions, room_members, rooms, users},
};

/// Locks the rooms first, in the order of their ids, so that two nodes can't wait for each other;
/// what is read after that is what the one before committed.
pub(super) async fn load(
    tx: &DatabaseTransaction,
    commands: &[&Command],
    direct_messages: DirectMessages,
    now: Timestamp,
) -> Result<Working> {
    let mut working = Working { rooms: lock_rooms(tx, commands).await?, ..Working::default() };
    working.members = load_members(tx, commands).await?;
    load_messages(tx, commands, &mut working).await?;
    load_reactions(tx, commands, &mut working).await?;
    load_files(tx, commands, &mut working).await?;
    working.pinned = load_pinned(tx, commands).await?;
    let partners = contacts::partners(commands, &working);
    working.users = load_users(tx, commands, &partners, &working).await?;
    working.contacts = contacts::load(tx, partners, &working, direct_messages).await?;
    working.last_sent = slow_mode::load(tx, commands, &working, now).await?;
    Ok(working)
}

async fn lock_rooms(tx: &DatabaseTransaction, commands: &[&Command]) -> Result<HashMap<Uuid, rooms::Model>> {
    let ids: BTreeSet<Uuid> = commands.iter().map(|command| command.room().0).collect();
    let rows = rooms::Entity::find()
        .filter(rooms::Column::Id.is_in(padded(ids)))
        .order_by_asc(rooms::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn load_members(
    tx: &DatabaseTransaction,
    commands: &[&Command],
) -> Result<HashMap<(Uuid, Uuid), room_members::Model>> {
    let keys: BTreeSet<(Uuid, Uuid)> =
        commands.iter().map(|command| (command.room().0, command.actor().0)).collect();
    let rows = room_members::Entity::find().filter(members::these(tx, keys)).all(tx).await?;
    Ok(rows.into_iter().map(|row| ((row.room_id, row.user_id), row)).collect())
}

/// The messages that commands name, and those sent before under one of their client ids.
async fn load_messages(tx: &DatabaseTransaction, commands: &[&Command], working: &mut Working) -> Result<()> {
    let ids: BTreeSet<Uuid> = commands.iter().flat_map(|command| command.messages()).map(|id| id.0).collect();
    let sends: BTreeSet<(&str, Uuid)> =
        commands.iter().filter_map(|command| Some((client_id(command)?, command.actor().0))).collect();
    let mut rows = Vec::new();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    for ids in ids.chunks(LIST) {
        let query = messages::Entity::find().filter(messages::Column::Id.is_in(padded(ids.iter().copied())));
        rows.extend(query.all(tx).await?);
    }
    if !sends.is_empty() {
        let keys = sends.into_iter().map(|(client_id, sender)| [client_id.into(), sender.into()]);
        let were_sent = any_key(tx, [messages::Column::ClientId, messages::Column::SenderId], keys);
        rows.extend(messages::Entity::find().filter(were_sent).all(tx).await?);
    }
    for row in rows {
        if let Some(client_id) = &row.client_id {
            working.sent.insert((row.sender_id, client_id.clone()), row.id);
        }
        working.messages.insert(row.id, row);
    }
    Ok(())
}

/// What the actors have reacted with, and which emoji stand under the messages at all.
async fn load_reactions(
    tx: &DatabaseTransaction,
    commands: &[&Command],
    working: &mut Working,
) -> Result<()> {
    let reacting: BTreeSet<(Uuid, Uuid)> = commands
        .iter()
        .filter_map(|command| match command {
            Command::React(react) => Some((react.message.0, react.actor.0)),
            _ => None,
        })
        .collect();
    if reacting.is_empty() {
        return Ok(());
    }
    let messages: BTreeSet<Uuid> = reacting.iter().map(|(message, _)| *message).collect();
    let keys = reacting.into_iter().map(|(message, user)| [message.into(), user.into()]);
    let are_own = any_key(tx, [reactions::Column::MessageId, reactions::Column::UserId], keys);
    let own = reactions::Entity::find().filter(are_own).all(tx).await?;
    working.reactions = own.into_iter().map(|row| (row.message_id, row.user_id, row.emoji)).collect();
    let emoji = reactions::Entity::find()
        .filter(reactions::Column::MessageId.is_in(padded(messages)))
        .select_only()
        .columns([reactions::Column::MessageId, reactions::Column::Emoji])
        .distinct()
        .into_tuple::<(Uuid, String)>()
        .all(tx)
        .await?;
    working.emoji = emoji.into_iter().collect();
    Ok(())
}

/// Locks the uploads that are sent, in the order of their ids: another lane or node that sends one of them waits, and then
/// finds it taken. Only senders' own, so that naming others' files holds nobody up.
async fn load_files(tx: &DatabaseTransaction, commands: &[&Command], working: &mut Working) -> Result<()> {
    let (mut ids, mut senders): (BTreeSet<Uuid>, BTreeSet<Uuid>) = Default::default();
    for command in commands.iter().filter(|command| !command.attachments().is_empty()) {
        ids.extend(command.attachments());
        senders.insert(command.actor().0);
    }
    if ids.is_empty() {
        return Ok(());
    }
    let rows = files::Entity::find()
        .filter(files::Column::Id.is_in(padded(ids)))
        .filter(files::Column::UploaderId.is_in(padded(senders)))
        .order_by_asc(files::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    working.files = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(())
}

/// Which of the messages that are to be deleted are pinned.
async fn load_pinned(tx: &DatabaseTransaction, commands: &[&Command]) -> Result<HashSet<Uuid>> {
    let deleted: BTreeSet<Uuid> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Delete(delete) => Some(delete.message.0),
            _ => None,
        })
        .collect();
    if deleted.is_empty() {
        return Ok(HashSet::new());
    }
    let pinned = pins::Entity::find().filter(pins::Column::MessageId.is_in(padded(deleted))).all(tx).await?;
    Ok(pinned.into_iter().map(|pin| pin.message_id).collect())
}

fn client_id(command: &Command) -> Option<&str> {
    match command {
        Command::Send(send) => send.client_id.as_deref(),
        Command::Edit(_) | Command::Delete(_) | Command::React(_) | Command::MarkRead(_) => None,
    }
}

/// Who acts, and whom the messages that are answered name: their names stand in what is told. And who is written to.
async fn load_users(
    tx: &DatabaseTransaction,
    commands: &[&Command],
    partners: &BTreeSet<(Uuid, Uuid)>,
    working: &Working,
) -> Result<HashMap<Uuid, users::Model>> {
    let actors = commands.iter().map(|command| command.actor().0);
    let named = working.messages.values().flat_map(messages::Model::named);
    let addressed = partners.iter().map(|(_, partner)| *partner);
    let ids: BTreeSet<Uuid> = actors.chain(named).chain(addressed).collect();
    let rows = users::Entity::find().filter(users::Column::Id.is_in(padded(ids))).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
