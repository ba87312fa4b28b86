//! Messages, in batches of a room.

use std::{collections::HashSet, sync::Arc};

use charla_db::{
    queries::imports::{self, NewMessage},
    tables::messages,
};
use charla_protocol::{UserId, messages::MessageType};
use charla_server::{
    files::{Received, kept_name},
    ops::{
        messages::{MAX_ATTACHMENTS, MAX_CONTENT},
        uploads,
    },
    text::{self, Names},
};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use super::{Writer, batch::Batch, rooms::Target};
use crate::{
    model::{Entry, LeftOut, Message, Reaction, Read},
    source::Attached,
};

/// Messages of a transaction, and bytes of their texts.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 1024 * 1024;
/// Different emoji under a message, and of one person: as the lanes have it.
const MAX_EMOJI: usize = 100;
const MAX_OWN_REACTIONS: usize = 20;

impl Writer<'_> {
    pub(super) async fn bring_messages(
        &mut self,
        mut entries: Receiver<anyhow::Result<Entry>>,
        tell: &mut (impl FnMut(u64) + Send),
    ) -> anyhow::Result<()> {
        let (mut waiting, mut bytes, mut seen): (Vec<Message>, usize, u64) = (Vec::new(), 0, 0);
        while let Some(entry) = entries.recv().await {
            let message = match entry? {
                Entry::Message(message) => *message,
                Entry::LeftOut(what) => {
                    self.report.leave_out(what);
                    continue;
                }
                Entry::Skipped(kind, count) => {
                    self.report.skip(kind, count);
                    continue;
                }
            };
            seen += 1;
            let is_elsewhere = waiting.first().is_some_and(|first| first.room != message.room);
            if is_elsewhere || waiting.len() >= BATCH || bytes >= BATCH_BYTES {
                self.bring_batch(std::mem::take(&mut waiting)).await?;
                bytes = 0;
                tell(seen);
            }
            bytes += message.content.len();
            waiting.push(message);
        }
        self.bring_batch(waiting).await?;
        tell(seen);
        Ok(())
    }

    /// Messages of one room, in their order.
    async fn bring_batch(&mut self, waiting: Vec<Message>) -> anyhow::Result<()> {
        let Some(room) = waiting.first().and_then(|first| self.rooms.get(&first.room)).map(Arc::clone) else {
            for message in waiting {
                self.report.leave_out(LeftOut::new("message", of_room(&message), "its room is not here"));
            }
            return Ok(());
        };
        let parts: Vec<Message> = waiting.into_iter().flat_map(|message| self.in_bounds(message)).collect();
        let ids: Vec<Uuid> = parts.iter().map(|message| self.message_id(&message.room, message)).collect();
        let targets = parts.iter().filter_map(|message| self.target_id(message));
        let asked: Vec<Uuid> = ids.iter().copied().chain(targets).collect();
        let mut there = imports::messages_there(self.app.db.read(), &asked).await?;
        let mut batch = Batch::default();
        for (message, id) in parts.iter().zip(ids) {
            if !there.insert(id) {
                self.report.known("message", 1);
                continue;
            }
            if let Some(new) = self.prepare_message(&room, message, id, &there).await? {
                let reads = message.reads.iter().filter_map(|read| {
                    let reader = self.reader(&room, read, new.row.sender_id)?;
                    room.members.contains(&reader).then_some((reader, read.at))
                });
                let reads = reads.collect();
                batch.push(new, reads);
            }
        }
        self.report.brought("message", batch.len());
        self.report.brought("file", batch.files());
        if self.options.dry_run { Ok(()) } else { batch.store(self.app, &room).await }
    }

    fn reader(&self, room: &Target, read: &Read, sender: Uuid) -> Option<UserId> {
        match &read.person {
            Some(key) => Some(self.people.get(key)?.id),
            None if room.members.len() == 2 => room.members.iter().copied().find(|member| member.0 != sender),
            None => None,
        }
    }

    fn message_id(&self, room: &str, message: &Message) -> Uuid {
        self.id_in(room, &message.key, message.created_at)
    }

    fn target_id(&self, message: &Message) -> Option<Uuid> {
        let target = message.reply_to.as_ref()?;
        Some(self.id_in(&message.room, &target.key, target.created_at))
    }

    fn id_in(&self, room: &str, key: &str, created_at: i64) -> Uuid {
        self.ids.of("message", &format!("{room}\n{key}"), Some(created_at))
    }

    /// The message itself, or what it is cut into where it has more text or files than a message may have.
    fn in_bounds(&mut self, mut message: Message) -> Vec<Message> {
        message.content = text::clean(&message.content);
        let characters: Vec<char> = message.content.chars().collect();
        let count = characters.len().div_ceil(MAX_CONTENT).max(message.files.len().div_ceil(MAX_ATTACHMENTS));
        if count <= 1 {
            return vec![message];
        }
        self.report.change(format!("message {}: is cut into {count}", of_room(&message)));
        let part = |number: usize| Message {
            key: if number == 0 { message.key.clone() } else { format!("{}#{}", message.key, number + 1) },
            content: characters.iter().skip(number * MAX_CONTENT).take(MAX_CONTENT).collect(),
            files: message
                .files
                .iter()
                .skip(number * MAX_ATTACHMENTS)
                .take(MAX_ATTACHMENTS)
                .cloned()
                .collect(),
            reactions: if number == 0 { message.reactions.clone() } else { Vec::new() },
            ..message.clone()
        };
        (0..count).map(part).collect()
    }

    /// None for what says nothing.
    async fn prepare_message(
        &mut self,
        room: &Target,
        message: &Message,
        id: Uuid,
        there: &HashSet<Uuid>,
    ) -> anyhow::Result<Option<NewMessage>> {
        let sender = match message.sender.as_ref().and_then(|key| self.people.get(key)) {
            Some(account) => account.id,
            None => self.gone().await?,
        };
        let now = self.app.clock.now().millis();
        let mut row = messages::Model {
            id,
            room_id: room.id,
            seq: 0,
            revision: 0,
            sender_id: sender.0,
            message_type: MessageType::Text.as_str().to_owned(),
            content: String::new(),
            content_html: String::new(),
            system: None,
            reply_to_id: self.target_id(message).filter(|target| there.contains(target) && *target != id),
            client_id: None,
            created_at: message.created_at.clamp(0, now),
            edited_at: message.edited_at.map(|at| at.clamp(0, now)),
            deleted_at: message.deleted_at.map(|at| at.clamp(0, now)),
        };
        if row.deleted_at.is_some() {
            let reactions = Vec::new();
            return Ok(Some(NewMessage { row, mentions: Default::default(), reactions, files: Vec::new() }));
        }
        let mut content = message.content.clone();
        let (mut files, mut all_pictures) = (Vec::new(), true);
        for attached in &message.files {
            match self.bring_file(sender, attached).await? {
                Ok(file) => {
                    all_pictures &= file.is_picture;
                    files.push(file.id);
                }
                Err(reason) => {
                    let key = format!("{:?} of message {}", attached.name, of_room(message));
                    self.report.leave_out(LeftOut::new("file", key, reason));
                    name_in(&mut content, attached);
                }
            }
        }
        if files.is_empty() && text::is_blank(&content) {
            self.report.leave_out(LeftOut::new("message", of_room(message), "it says nothing"));
            return Ok(None);
        }
        if !files.is_empty() {
            let message_type = if all_pictures { MessageType::Image } else { MessageType::File };
            message_type.as_str().clone_into(&mut row.message_type);
        }
        let rendered = self.app.renderer.render(&content, names(room, &content)).await;
        row.content = content;
        row.content_html = rendered.html;
        let reactions = self.reactions(message, row.created_at);
        Ok(Some(NewMessage { row, mentions: rendered.mentions, reactions, files }))
    }

    fn reactions(&self, message: &Message, created_at: i64) -> Vec<(UserId, String, i64)> {
        let now = self.app.clock.now().millis();
        let mut kept: Vec<(UserId, String, i64)> = Vec::new();
        for Reaction { person, emoji, at } in &message.reactions {
            let (Some(account), Some(emoji)) = (self.people.get(person), text::emoji(emoji)) else {
                continue;
            };
            let different: HashSet<&str> = kept.iter().map(|(_, emoji, _)| emoji.as_str()).collect();
            let own = kept.iter().filter(|(user, ..)| *user == account.id).count();
            let is_one_more = !different.contains(emoji) && different.len() >= MAX_EMOJI;
            let is_twice = kept.iter().any(|(user, before, _)| *user == account.id && before == emoji);
            if !is_one_more && !is_twice && own < MAX_OWN_REACTIONS {
                kept.push((account.id, emoji.to_owned(), at.unwrap_or(created_at).clamp(0, now)));
            }
        }
        kept
    }

    /// Takes a file as an upload is taken. Says why where it can't be had.
    async fn bring_file(
        &mut self,
        sender: UserId,
        attached: &Attached,
    ) -> anyhow::Result<Result<BroughtFile, String>> {
        let Some(place) = attached.place.clone() else {
            return Ok(Err("the source does not have it".to_owned()));
        };
        let limit = self.app.config.max_upload_size;
        let mut file = uploads::blank(self.app)?;
        let copied =
            tokio::task::spawn_blocking(move || place.copy_to(&mut file, limit).map(|size| (file, size)));
        let (file, size) = match copied.await? {
            Ok((_, 0)) => return Ok(Err("it is empty".to_owned())),
            Ok(copied) => copied,
            Err(error) => return Ok(Err(format!("{error:#}"))),
        };
        if self.options.dry_run {
            return Ok(Ok(BroughtFile { id: Uuid::nil(), is_picture: true }));
        }
        let received = Received { file, size, name: kept_name(&attached.name) };
        match uploads::bring(self.app, sender, received).await {
            Ok(row) => Ok(Ok(BroughtFile { id: row.id, is_picture: row.is_picture() })),
            // What is wrong with the file itself, and not with this server.
            Err(error) if error.code.status() < 500 => {
                let problem = error.problem(charla_protocol::users::Language::En, None);
                let texts = problem.errors.unwrap_or_default().into_values().flatten();
                Ok(Err(texts.collect::<Vec<_>>().join(" ")))
            }
            Err(error) => anyhow::bail!("files can't be stored: {}", error.code.as_str()),
        }
    }
}

/// A file that waits for its message.
struct BroughtFile {
    id: Uuid,
    is_picture: bool,
}

/// A file that does not come is named, so that nobody wonders what the others talk of.
fn name_in(content: &mut String, attached: &Attached) {
    let name = kept_name(&attached.name).replace(['[', ']', '`', '\\'], "");
    let said = match &attached.url {
        Some(url) if !url.contains(['(', ')', '<', '>', ' ', '\n']) => format!("[{name}]({url})"),
        _ => format!("`{name}`"),
    };
    let between = if content.is_empty() { "" } else { "\n\n" };
    let length = content.chars().count() + between.len() + said.chars().count();
    if length <= MAX_CONTENT {
        content.push_str(between);
        content.push_str(&said);
    }
}

fn names(room: &Target, content: &str) -> Names {
    let keys = text::names_in(content);
    let people = keys.into_iter().filter_map(|key| Some((key.clone(), *room.names.get(&key)?)));
    Names { people: people.collect(), everybody: false }
}

fn of_room(message: &Message) -> String {
    format!("{} of room {}", message.key, message.room)
}
