//! Messages, streamed in the order of their rooms, with what belongs to them.

use std::{collections::HashMap, path::Path, sync::Arc};

use futures_util::{StreamExt, TryStreamExt};
use sea_orm::{
    JoinType, Order,
    sea_query::{Alias, CaseStatement, Expr, ExprTrait},
};
use tokio::sync::mpsc::Sender;

use super::{
    connection::Connection,
    map::{Chat, Messages},
    rows::{Row, Select, column},
    value::{is_true, millis},
};
use crate::{
    model::{Entry, LeftOut, Message, Reaction, Read, Target},
    source::{Attached, Place},
};

/// Messages for which is looked at once what belongs to them.
const CHUNK: usize = 500;
/// What the table of messages is called where it is joined as what was answered.
const ANSWERED: &str = "answered";

/// The key of a row.
pub(super) fn key(table: &str, id: &str) -> String {
    format!("{table}/{id}")
}

/// The key of a room; one that is but a name is its messages'.
pub(super) fn room_key(chat: &Chat, id: &str) -> String {
    key(chat.rooms.as_ref().map_or(&chat.messages.table, |rooms| &rooms.table), id)
}

/// The key of what two people have said to each other.
pub(super) fn pair_key(chat: &Chat, one: &str, other: &str) -> String {
    let mut pair = [one, other];
    pair.sort_unstable();
    key(&chat.messages.table, &pair.join("--"))
}

/// Reads the messages of all chats.
///
/// # Errors
/// Those of the database, and where nobody takes them any more.
pub(super) async fn read(
    connection: &Connection,
    chats: &[Chat],
    media: Option<Arc<Path>>,
    sender: &Sender<anyhow::Result<Entry>>,
) -> anyhow::Result<()> {
    for chat in chats {
        let rows = connection.stream(statement(connection, &chat.messages));
        let mut chunks =
            rows.chunks(CHUNK).map(|rows| rows.into_iter().collect::<anyhow::Result<Vec<Row>>>());
        while let Some(rows) = chunks.try_next().await? {
            for entry in entries(connection, chat, media.as_ref(), rows).await? {
                sender.send(Ok(entry)).await?;
            }
        }
    }
    Ok(())
}

fn statement(connection: &Connection, messages: &Messages) -> String {
    let mut select = Select::from(connection.backend(), &messages.table);
    let columns = [
        Some(&messages.id),
        messages.room.as_ref(),
        Some(&messages.sender),
        messages.receiver.as_ref(),
        Some(&messages.content),
        Some(&messages.created_at),
        messages.edited_at.as_ref(),
        messages.is_edited.as_ref(),
        messages.is_deleted.as_ref(),
        messages.deleted_at.as_ref(),
        messages.is_read.as_ref(),
        messages.reply_to.as_ref(),
    ];
    for name in columns {
        select = select.column(name.map(String::as_str));
    }
    match &messages.reply_to {
        None => select = select.column(None),
        Some(reply_to) => {
            select = select.column_of(ANSWERED, Some(&messages.created_at));
            let is_answered = column(ANSWERED, &messages.id).eq(column(&messages.table, reply_to));
            select.query.join_as(
                JoinType::LeftJoin,
                Alias::new(&messages.table),
                Alias::new(ANSWERED),
                is_answered,
            );
        }
    }
    for file in &messages.files {
        select = select.column(Some(file));
    }
    let of = |name: &str| column(&messages.table, name);
    let mut order: Vec<Expr> = match (&messages.room, &messages.receiver) {
        (Some(room), _) => vec![of(room)],
        (None, Some(receiver)) => {
            let (one, other) = (of(&messages.sender), of(receiver));
            let first =
                |is_less: Expr| CaseStatement::new().case(is_less, one.clone()).finally(other.clone());
            vec![first(one.clone().lt(other.clone())).into(), first(one.clone().gte(other.clone())).into()]
        }
        (None, None) => Vec::new(),
    };
    order.extend([of(&messages.created_at), of(&messages.id)]);
    for expr in order {
        select.query.order_by_expr(expr, Order::Asc);
    }
    select.sql()
}

async fn entries(
    connection: &Connection,
    chat: &Chat,
    media: Option<&Arc<Path>>,
    rows: Vec<Row>,
) -> anyhow::Result<Vec<Entry>> {
    let ids: Vec<String> = rows.iter().map(|row| row.text(0)).collect();
    let mut reads = reads(connection, chat, &ids).await?;
    let mut reactions = reactions(connection, chat, &ids).await?;
    let mut files = files(connection, chat, media, &ids).await?;
    let entry = |row: Row| {
        let Some(mut message) = message(chat, media, &row) else {
            return Entry::LeftOut(LeftOut::new("message", row.text(0), "it has no time, or no room"));
        };
        message.reads.extend(reads.remove(&row.text(0)).unwrap_or_default());
        message.reactions = reactions.remove(&row.text(0)).unwrap_or_default();
        message.files.extend(files.remove(&row.text(0)).unwrap_or_default());
        Entry::Message(Box::new(message))
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn message(chat: &Chat, media: Option<&Arc<Path>>, row: &Row) -> Option<Message> {
    let created_at = row.get(5).and_then(millis)?;
    let (room, sender, receiver) = (row.get(1), row.get(2), row.get(3));
    let room = match (&chat.messages.room, room) {
        (Some(_), room) => room_key(chat, room?),
        (None, _) => pair_key(chat, sender?, receiver?),
    };
    let edited_at = row.get(6).and_then(millis);
    let is_edited = chat.messages.is_edited.is_none() || is_true(row.get(7));
    let deleted_at = row.get(9).and_then(millis);
    let is_deleted =
        if chat.messages.is_deleted.is_some() { is_true(row.get(8)) } else { deleted_at.is_some() };
    let reply_to = row.get(11).zip(row.get(12).and_then(millis));
    let paths = (13..13 + chat.messages.files.len()).filter_map(|index| row.get(index));
    Some(Message {
        key: key(&chat.messages.table, row.get(0).unwrap_or_default()),
        room,
        sender: sender.map(ToOwned::to_owned),
        content: row.text(4),
        created_at,
        edited_at: is_edited
            .then(|| edited_at.unwrap_or(created_at))
            .filter(|_| edited_at.is_some() || chat.messages.is_edited.is_some()),
        deleted_at: is_deleted.then(|| deleted_at.or(edited_at).unwrap_or(created_at)),
        reply_to: reply_to.map(|(id, created_at)| Target { key: key(&chat.messages.table, id), created_at }),
        reads: read_by_other(chat, row, receiver),
        reactions: Vec::new(),
        files: paths.map(|path| attached(media, path, None)).collect(),
    })
}

/// Who has read what is said to be read: whom it was for, or the other of two.
fn read_by_other(chat: &Chat, row: &Row, receiver: Option<&str>) -> Vec<Read> {
    let is_read = chat.messages.is_read.is_some() && is_true(row.get(10));
    let person = receiver.map(ToOwned::to_owned);
    if is_read { vec![Read { person, at: None }] } else { Vec::new() }
}

fn attached(media: Option<&Arc<Path>>, path: &str, name: Option<&str>) -> Attached {
    let place = media.map(|folder| Place::Folder(folder.clone(), path.to_owned()));
    Attached { name: name.unwrap_or(path).to_owned(), place, url: None }
}

/// By message.
type ByMessage<T> = HashMap<String, Vec<T>>;

async fn reads(connection: &Connection, chat: &Chat, ids: &[String]) -> anyhow::Result<ByMessage<Read>> {
    let Some(reads) = &chat.reads else { return Ok(ByMessage::new()) };
    let select = Select::from(connection.backend(), &reads.table)
        .column(Some(&reads.message))
        .column(Some(&reads.user))
        .column(reads.read_at.as_deref())
        .where_in(&reads.message, ids);
    let read = |row: &Row| Read { person: Some(row.text(1)), at: row.get(2).and_then(millis) };
    by_message(connection, &select, read).await
}

async fn reactions(
    connection: &Connection,
    chat: &Chat,
    ids: &[String],
) -> anyhow::Result<ByMessage<Reaction>> {
    let Some(reactions) = &chat.reactions else { return Ok(ByMessage::new()) };
    let select = Select::from(connection.backend(), &reactions.table)
        .column(Some(&reactions.message))
        .column(Some(&reactions.user))
        .column(Some(&reactions.emoji))
        .column(reactions.created_at.as_deref())
        .where_in(&reactions.message, ids);
    let reaction = |row: &Row| {
        let emoji = row.text(2);
        let emoji = crate::emoji::named(&emoji).unwrap_or(emoji);
        Reaction { person: row.text(1), emoji, at: row.get(3).and_then(millis) }
    };
    by_message(connection, &select, reaction).await
}

async fn files(
    connection: &Connection,
    chat: &Chat,
    media: Option<&Arc<Path>>,
    ids: &[String],
) -> anyhow::Result<ByMessage<Attached>> {
    let Some(files) = &chat.files else { return Ok(ByMessage::new()) };
    let select = Select::from(connection.backend(), &files.table)
        .column(Some(&files.message))
        .column(Some(&files.file))
        .column(files.name.as_deref())
        .where_in(&files.message, ids);
    by_message(connection, &select, |row| attached(media, &row.text(1), row.get(2))).await
}

async fn by_message<T>(
    connection: &Connection,
    select: &Select,
    make: impl Fn(&Row) -> T,
) -> anyhow::Result<ByMessage<T>> {
    let mut found = ByMessage::new();
    for row in connection.all(select.sql()).await? {
        found.entry(row.text(0)).or_default().push(make(&row));
    }
    Ok(found)
}
