//! Every write to messages, whichever door it came in by.

use std::collections::{BTreeMap, BTreeSet};

use charla_db::{
    lanes::{Command, Delete, Edit, MarkRead, Outcome, React, Send, Submitted, UpTo, Via},
    queries,
};
use charla_protocol::{
    ErrorCode, MessageId, RoomId, UserId,
    members::Role,
    messages::{Message, MessageType, ReadState, SendMessage},
};

use uuid::Uuid;

use crate::{
    App,
    error::{Error, FieldError, Result},
    text::{self, Names, Rendered},
};

/// Characters of a message at most, and of a draft.
pub const MAX_CONTENT: usize = 10_000;
/// Characters of a `client_id` at most.
const MAX_CLIENT_ID: usize = 64;
/// Files of a message at most.
pub const MAX_ATTACHMENTS: usize = 10;
/// Messages that one `mark_read` may name.
const MAX_READ: usize = 200;

/// A message in line to be stored.
#[derive(Debug)]
pub struct Sending(Submitted);

impl Sending {
    /// The message once it is committed, and whether it is new: not of a `client_id` seen before.
    ///
    /// # Errors
    /// Why it was refused, or that the database is not available.
    pub async fn committed(self) -> Result<(Message, bool)> {
        match self.0.committed().await? {
            Outcome::Sent(message) => Ok((message, true)),
            outcome => outcome.into_message().map(|message| (message, false)).ok_or_else(Error::not_found),
        }
    }
}

/// A change of a message in line.
#[derive(Debug)]
pub struct Changing(Submitted);

impl Changing {
    /// The message as it stands once the change is committed.
    ///
    /// # Errors
    /// Why it was refused, or that the database is not available.
    pub async fn committed(self) -> Result<Message> {
        self.0.committed().await?.into_message().ok_or_else(Error::not_found)
    }
}

/// Steps of read cursors in line, one a room.
#[derive(Debug)]
pub struct Reading(Vec<Submitted>);

impl Reading {
    /// Where each room's cursor stands once the steps are committed.
    ///
    /// # Errors
    /// Why one was refused, or that the database is not available.
    pub async fn committed(self) -> Result<Vec<ReadState>> {
        let mut states = Vec::new();
        for submitted in self.0 {
            if let Outcome::Read(state) = submitted.committed().await? {
                states.push(state);
            }
        }
        Ok(states)
    }
}

/// Puts a message in line.
///
/// # Errors
/// `validation_failed` with the fields that are not acceptable.
pub async fn send(app: &App, sender: UserId, body: SendMessage) -> Result<Sending> {
    let content = text::clean(&body.content);
    let has_attachments = !body.attachment_ids.is_empty();
    let mut errors = check_length(&content);
    if !has_attachments && text::is_blank(&content) {
        errors.push(FieldError::new("content", "blank"));
    }
    match body.message_type {
        MessageType::System => errors.push(FieldError::new("message_type", "system_by_server")),
        MessageType::Image | MessageType::File if !has_attachments => {
            errors.push(FieldError::new("message_type", "needs_attachments"));
        }
        _ => {}
    }
    errors.extend(check_attachments(&body.attachment_ids));
    if let Some(client_id) = &body.client_id {
        errors.extend(check_client_id(client_id));
    }
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    let Rendered { html, mentions } = render(app, body.room, sender, &content).await?;
    let command = Command::Send(Send {
        room: body.room,
        sender,
        content,
        content_html: html,
        mentions,
        message_type: body.message_type,
        reply_to: body.reply_to_id,
        attachments: body.attachment_ids,
        client_id: body.client_id,
    });
    Ok(Sending(app.lanes.submit(command).await?))
}

/// Puts an edit in line.
///
/// # Errors
/// `validation_failed` where the new text is not acceptable.
pub async fn edit(
    app: &App,
    editor: UserId,
    room: RoomId,
    message: MessageId,
    content: &str,
) -> Result<Changing> {
    let content = text::clean(content);
    let errors = check_length(&content);
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    let Rendered { html: content_html, mentions } = render(app, room, editor, &content).await?;
    let command = Command::Edit(Edit {
        room,
        message,
        editor,
        is_blank: text::is_blank(&content),
        content,
        content_html,
        mentions,
    });
    Ok(Changing(app.lanes.submit(command).await?))
}

/// Renders a text with the members of the room that it mentions. One without an `@` costs no look at them.
async fn render(app: &App, room: RoomId, writer: UserId, content: &str) -> Result<Rendered> {
    let keys = text::names_in(content);
    let names = if keys.is_empty() {
        Names::default()
    } else {
        let (people, role) = queries::mentions::named(app.db.read(), room, writer, &keys).await?;
        Names { people, everybody: role.is_some_and(|role| role >= Role::Admin) }
    };
    Ok(app.renderer.render(content, names).await)
}

/// Puts a deletion in line. That of somebody else's message goes into the audit log.
///
/// # Errors
/// `unavailable` where the server goes down.
pub async fn delete(
    app: &App,
    actor: UserId,
    via: Via,
    room: RoomId,
    message: MessageId,
) -> Result<Changing> {
    Ok(Changing(app.lanes.submit(Command::Delete(Delete { room, message, actor, via })).await?))
}

/// Puts a reaction in line, or what takes it back.
///
/// # Errors
/// `validation_failed` for what is no emoji.
pub async fn react(
    app: &App,
    actor: UserId,
    room: RoomId,
    message: MessageId,
    emoji: &str,
    added: bool,
) -> Result<Changing> {
    let emoji = text::emoji(emoji).ok_or_else(|| Error::field("emoji", "no_emoji"))?.to_owned();
    Ok(Changing(app.lanes.submit(Command::React(React { room, message, actor, emoji, added })).await?))
}

/// Puts reading in line: in the room that is named, else in each room of the messages.
///
/// # Errors
/// `not_found` where none of the messages can be seen, `not_a_member` where all that can be are in public rooms of others.
pub async fn mark_read(
    app: &App,
    reader: UserId,
    room: Option<RoomId>,
    messages: Vec<MessageId>,
) -> Result<Reading> {
    if messages.is_empty() {
        return Err(Error::field("message_ids", "required"));
    }
    if messages.len() > MAX_READ {
        return Err(Error::fields(vec![FieldError::new("message_ids", "too_many").with("max", MAX_READ)]));
    }
    let mut submitted = Vec::new();
    for (room, messages) in by_room(app, reader, room, messages).await? {
        let command = Command::MarkRead(MarkRead { room, reader, up_to: UpTo::Messages(messages) });
        submitted.push(app.lanes.submit(command).await?);
    }
    Ok(Reading(submitted))
}

/// Without a room: only the rooms of the reader count, so that naming others' messages tells nothing.
async fn by_room(
    app: &App,
    reader: UserId,
    room: Option<RoomId>,
    messages: Vec<MessageId>,
) -> Result<Vec<(RoomId, Vec<MessageId>)>> {
    if let Some(room) = room {
        return Ok(vec![(room, messages)]);
    }
    let own = queries::rooms::ids_of_user(app.db.read(), reader).await?;
    let mut rooms: BTreeMap<RoomId, Vec<MessageId>> = BTreeMap::new();
    for (message, room) in queries::messages::rooms_of(app.db.read(), &messages).await? {
        rooms.entry(room).or_default().push(message);
    }
    let (read, others): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|(room, _)| own.contains(room));
    if !read.is_empty() {
        return Ok(read);
    }
    let others: Vec<RoomId> = others.into_iter().map(|(room, _)| room).collect();
    match queries::rooms::is_any_public(app.db.read(), &others).await? {
        true => Err(Error::new(ErrorCode::NotAMember)),
        false => Err(Error::not_found()),
    }
}

/// Reads a room to its end.
///
/// # Errors
/// Why it was refused.
pub async fn mark_all_read(app: &App, reader: UserId, room: RoomId) -> Result<ReadState> {
    let command = Command::MarkRead(MarkRead { room, reader, up_to: UpTo::End });
    match app.lanes.submit(command).await?.committed().await? {
        Outcome::Read(state) => Ok(state),
        _ => Err(Error::not_found()),
    }
}

/// The room a message is in.
///
/// # Errors
/// `not_found`.
pub async fn room_of(app: &App, message: MessageId) -> Result<RoomId> {
    let rooms = queries::messages::rooms_of(app.db.read(), &[message]).await?;
    rooms.first().map(|(_, room)| *room).ok_or_else(Error::not_found)
}

fn check_length(content: &str) -> Vec<FieldError> {
    let is_too_long = content.chars().count() > MAX_CONTENT;
    is_too_long.then(|| FieldError::new("content", "too_long").with("max", MAX_CONTENT)).into_iter().collect()
}

/// Whether they are the sender's to send is seen where they are taken.
fn check_attachments(ids: &[Uuid]) -> Option<FieldError> {
    if ids.len() > MAX_ATTACHMENTS {
        return Some(FieldError::new("attachment_ids", "too_many").with("max", MAX_ATTACHMENTS));
    }
    let different: BTreeSet<&Uuid> = ids.iter().collect();
    (different.len() < ids.len()).then(|| FieldError::new("attachment_ids", "twice"))
}

fn check_client_id(client_id: &str) -> Option<FieldError> {
    let length = client_id.chars().count();
    if length > MAX_CLIENT_ID {
        return Some(FieldError::new("client_id", "too_long").with("max", MAX_CLIENT_ID));
    }
    // White space at an end would not be told apart by every database.
    let is_plain = length > 0 && client_id.trim() == client_id && !client_id.chars().any(char::is_control);
    (!is_plain).then(|| FieldError::new("client_id", "invalid"))
}
