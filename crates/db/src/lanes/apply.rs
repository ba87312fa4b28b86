//! Decides on a batch, command by command, in memory. No I/O: what it reads was loaded, what it changes is stored later.

use charla_permissions::{Permission, Standing, check};
use charla_protocol::{
    MessageId, Timestamp,
    audit::{AuditAction, AuditTarget},
    events::ReactionChange,
    members::Role,
    messages::{MessageType, ReadState},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    command::{Command, Delete, Edit, MarkRead, Mentions, React, Send, UpTo},
    slow_mode,
    working::{Applied, Reaction, ReadStep, Working},
};
use crate::{
    Error, Result,
    clock::Clock,
    queries::audit::Act,
    tables::{files, message_versions, messages, replies},
};

/// Different reactions of one person to a message at most.
const MAX_OWN_REACTIONS: usize = 20;
/// Different emoji under a message at most.
const MAX_EMOJI: usize = 100;

/// Applies one command to what the batch has so far.
///
/// # Errors
/// Why the command was refused; then nothing has changed.
pub(super) fn apply(working: &mut Working, command: &Command, clock: &dyn Clock) -> Result<Applied> {
    working.check_actor(command.actor(), clock.now())?;
    match command {
        Command::Send(send) => apply_send(working, send, clock),
        Command::Edit(edit) => apply_edit(working, edit, clock.now()),
        Command::Delete(delete) => apply_delete(working, delete, clock.now()),
        Command::React(react) => apply_react(working, react, clock.now()),
        Command::MarkRead(read) => apply_mark_read(working, read, clock.now()),
    }
}

fn apply_send(working: &mut Working, send: &Send, clock: &dyn Clock) -> Result<Applied> {
    let standing = working.standing(send.room, send.sender)?;
    check(standing, Permission::ReadMessages)?;
    // What was stored stays so, even if the room has been closed since.
    if let Some(first) = repeated(working, send) {
        // What was said elsewhere is not for who may have left there since.
        if first.room_id != send.room.0 {
            return Err(Error::Rejected { field: "client_id", reason: "used_elsewhere" });
        }
        return Ok(Applied::Repeated(first));
    }
    check(standing, Permission::SendMessage)?;
    working.check_mute(send.sender, clock.now())?;
    working.check_contact(send.room, send.sender)?;
    let target = send.reply_to.map(|target| reply_target(working, send, target)).transpose()?;
    let target_sender = target.map(|target| target.sender_id);
    let message_type = check_attachments(working, send)?;
    slow_mode::pass(working, send, clock.now())?;
    let revision = working.next_revision(send.room)?;
    let row = new_message(send, message_type, revision, clock);
    insert(working, send, &row)?;
    claim(working, send, row.id);
    let mentions = allowed(send.mentions.clone(), standing);
    working.writes.mentions.extend(mentions.rows(&row));
    working.writes.replies.extend(target_sender.and_then(|sender| replies::Model::of(&row, sender)));
    Ok(Applied::Sent(row, mentions))
}

/// Who mentions everybody was looked at before the text was rendered, and may have lost that right since: then it is a word
/// like others.
fn allowed(mentions: Mentions, standing: Standing) -> Mentions {
    let room = mentions.room && standing.role.is_some_and(|role| role >= Role::Admin);
    Mentions { room, ..mentions }
}

fn repeated(working: &Working, send: &Send) -> Option<messages::Model> {
    let key = (send.sender.0, send.client_id.clone()?);
    working.messages.get(working.sent.get(&key)?).cloned()
}

fn reply_target<'a>(working: &'a Working, send: &Send, target: MessageId) -> Result<&'a messages::Model> {
    match working.message(send.room, target, send.sender) {
        Ok(row) if row.deleted_at.is_none() => Ok(row),
        _ => Err(Error::Rejected { field: "reply_to_id", reason: "unknown_message" }),
    }
}

/// What the attachments make of the message, where there are any.
fn check_attachments(working: &Working, send: &Send) -> Result<MessageType> {
    let uploads: Option<Vec<&files::Model>> =
        send.attachments.iter().map(|id| working.upload(*id, send.sender)).collect();
    let uploads =
        uploads.ok_or(Error::Rejected { field: "attachment_ids", reason: "attachments_missing" })?;
    Ok(match uploads.is_empty() {
        true => send.message_type,
        false if uploads.iter().all(|file| file.is_picture()) => MessageType::Image,
        false => MessageType::File,
    })
}

fn claim(working: &mut Working, send: &Send, message: Uuid) {
    for (position, id) in (0..).zip(&send.attachments) {
        if let Some(file) = working.files.get_mut(id) {
            file.message_id = Some(message);
            file.position = position;
            working.writes.claimed.push(*id);
        }
    }
}

fn new_message(send: &Send, message_type: MessageType, revision: i64, clock: &dyn Clock) -> messages::Model {
    messages::Model {
        id: clock.id(),
        room_id: send.room.0,
        seq: revision,
        revision,
        sender_id: send.sender.0,
        message_type: message_type.as_str().to_owned(),
        content: send.content.clone(),
        content_html: send.content_html.clone(),
        system: None,
        reply_to_id: send.reply_to.map(|id| id.0),
        client_id: send.client_id.clone(),
        created_at: clock.now().millis(),
        edited_at: None,
        deleted_at: None,
    }
}

fn insert(working: &mut Working, send: &Send, row: &messages::Model) -> Result<()> {
    let room = working.rooms.get_mut(&row.room_id).ok_or(Error::NotFound)?;
    room.last_message_id = Some(row.id);
    room.last_seq = row.seq;
    room.last_activity_at = row.created_at;
    if let Some(client_id) = &send.client_id {
        working.sent.insert((row.sender_id, client_id.clone()), row.id);
    }
    working.messages.insert(row.id, row.clone());
    working.writes.messages.push(row.id);
    Ok(())
}

fn apply_edit(working: &mut Working, edit: &Edit, now: Timestamp) -> Result<Applied> {
    let row = working.message(edit.room, edit.message, edit.editor)?.clone();
    let own = row.sender_id == edit.editor.0;
    let standing = working.standing(edit.room, edit.editor)?;
    check(standing, Permission::EditMessage { own })?;
    working.check_mute(edit.editor, now)?;
    // Else an edit would say what a message may not.
    working.check_contact(edit.room, edit.editor)?;
    if row.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    if row.message_type == "system" {
        return Err(charla_permissions::Denied::Forbidden.into());
    }
    if edit.is_blank && !row.has_files() {
        return Err(Error::Rejected { field: "content", reason: "blank" });
    }
    if row.content == edit.content {
        return Ok(Applied::Unchanged(row));
    }
    let revision = working.next_revision(edit.room)?;
    forget_mentions(working, &row);
    working.writes.mentions.extend(allowed(edit.mentions.clone(), standing).rows(&row));
    working.writes.versions.push(message_versions::Model {
        message_id: row.id,
        replaced_by: revision,
        content: row.content.clone(),
        created_at: row.edited_at.unwrap_or(row.created_at),
    });
    Ok(Applied::Edited(change(working, row, |row| {
        row.revision = revision;
        row.content.clone_from(&edit.content);
        row.content_html.clone_from(&edit.content_html);
        row.edited_at = Some(now.millis());
    })))
}

fn apply_delete(working: &mut Working, delete: &Delete, now: Timestamp) -> Result<Applied> {
    let row = working.message(delete.room, delete.message, delete.actor)?.clone();
    let own = row.sender_id == delete.actor.0;
    check(working.standing(delete.room, delete.actor)?, Permission::DeleteMessage { own })?;
    if row.message_type == "system" {
        return Err(charla_permissions::Denied::Forbidden.into());
    }
    if row.deleted_at.is_some() {
        return Ok(Applied::Unchanged(row));
    }
    let revision = working.next_revision(delete.room)?;
    working.writes.acts.extend((!own).then(|| deletion(delete, &row, now)));
    working.writes.versions.retain(|version| version.message_id != row.id);
    working.writes.forgotten.push(row.id);
    if row.has_files() {
        working.writes.emptied.push(row.id);
    }
    working.writes.reactions.retain(|(message, _, _), _| *message != row.id);
    working.reactions.retain(|(message, _, _)| *message != row.id);
    forget_mentions(working, &row);
    let was_pinned = working.pinned.remove(&row.id);
    working.writes.unpinned.extend(was_pinned.then_some(row.id));
    let row = change(working, row, |row| {
        row.revision = revision;
        row.content.clear();
        row.content_html.clear();
        row.deleted_at = Some(now.millis());
    });
    Ok(Applied::Deleted { row, was_pinned })
}

/// What the audit log says of a deletion by somebody else.
fn deletion(delete: &Delete, row: &messages::Model, now: Timestamp) -> Act {
    Act {
        at: now,
        actor: Some(delete.actor),
        via: delete.via,
        action: AuditAction::MessageDeleted,
        target: (AuditTarget::Message, row.id),
        details: json!({"room_id": row.room_id, "sender_id": row.sender_id}),
    }
}

/// The mentions of the text as it stood go. One without an `@` has none.
fn forget_mentions(working: &mut Working, row: &messages::Model) {
    if row.content.contains('@') {
        working.writes.mentions.retain(|mention| mention.message_id != row.id);
        working.writes.unmentioned.push(row.id);
    }
}

fn apply_react(working: &mut Working, react: &React, now: Timestamp) -> Result<Applied> {
    let row = working.message(react.room, react.message, react.actor)?.clone();
    check(working.standing(react.room, react.actor)?, Permission::React)?;
    if react.added {
        working.check_mute(react.actor, now)?;
        working.check_contact(react.room, react.actor)?;
    }
    if row.deleted_at.is_some() {
        return Err(Error::NotFound);
    }
    if row.message_type == "system" {
        return Err(charla_permissions::Denied::Forbidden.into());
    }
    let reaction = (row.id, react.actor.0, react.emoji.clone());
    if working.reactions.contains(&reaction) == react.added {
        return Ok(Applied::Unchanged(row));
    }
    if react.added {
        check_room_for(working, &reaction)?;
        working.emoji.insert((row.id, react.emoji.clone()));
        working.reactions.insert(reaction.clone());
    } else {
        working.reactions.remove(&reaction);
    }
    working.writes.reactions.insert(reaction, react.added.then(|| now.millis()));
    let revision = working.next_revision(react.room)?;
    let row = change(working, row, |row| row.revision = revision);
    let changed = ReactionChange { user_id: react.actor, emoji: react.emoji.clone(), added: react.added };
    Ok(Applied::Reacted(row, changed))
}

/// A message has so many reactions of one person, and so many different ones, at most.
fn check_room_for(working: &Working, (message, user, emoji): &Reaction) -> Result<()> {
    let own = working.reactions.iter().filter(|(of, by, _)| of == message && by == user).count();
    let different = working.emoji.iter().filter(|(of, other)| of == message && other != emoji).count();
    if own >= MAX_OWN_REACTIONS || different >= MAX_EMOJI {
        return Err(Error::Rejected { field: "emoji", reason: "too_many_reactions" });
    }
    Ok(())
}

fn change(
    working: &mut Working,
    mut row: messages::Model,
    edit: impl FnOnce(&mut messages::Model),
) -> messages::Model {
    edit(&mut row);
    if !working.writes.messages.contains(&row.id) {
        working.writes.changed.insert(row.id);
    }
    working.messages.insert(row.id, row.clone());
    row
}

fn apply_mark_read(working: &mut Working, read: &MarkRead, now: Timestamp) -> Result<Applied> {
    check(working.standing(read.room, read.reader)?, Permission::ReadMessages)?;
    let target = read_target(working, read)?;
    let key = (read.room.0, read.reader.0);
    let is_shared = working.users.get(&read.reader.0).is_some_and(|user| user.send_read_receipts);
    let member = working.members.get_mut(&key).ok_or(Error::NotFound)?;
    let step = target.filter(|(seq, _)| *seq > member.last_read_seq).map(|(seq, message_id)| ReadStep {
        seq,
        message_id,
        read_at: now.millis(),
    });
    if let Some(step) = &step {
        let before = member.clone();
        member.last_read_seq = step.seq;
        member.last_read_message_id = Some(step.message_id);
        member.last_read_at = Some(step.read_at);
        if is_shared {
            working.writes.marks.remove(&before);
            working.writes.marks.add(member);
        }
        working.writes.reads.insert(key, step.clone());
    }
    let state = ReadState {
        room_id: read.room,
        up_to: member.last_read_message_id.map(MessageId),
        seq: member.last_read_seq,
        unread_count: 0,
        mention_count: 0,
    };
    Ok(Applied::Read { reader: read.reader, state, step })
}

/// The seq and id up to which the reader has read; none in an empty room.
fn read_target(working: &Working, read: &MarkRead) -> Result<Option<(i64, Uuid)>> {
    match &read.up_to {
        UpTo::End => {
            let room = working.rooms.get(&read.room.0).ok_or(Error::NotFound)?;
            Ok(room.last_message_id.map(|id| (room.last_seq, id)))
        }
        UpTo::Messages(ids) => {
            let rows = ids.iter().filter_map(|id| working.message(read.room, *id, read.reader).ok());
            let latest = rows.map(|row| (row.seq, row.id)).max();
            latest.map(Some).ok_or(Error::NotFound)
        }
    }
}
