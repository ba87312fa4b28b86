//! What was said, channel by channel and day by day.

use std::collections::{BTreeMap, HashMap};

use tokio::sync::mpsc::Sender;

use super::{
    export::{self, File, User, millis},
    list,
    markup::{Names, markdown},
    rooms::Place,
};
use crate::{
    emoji,
    model::{Entry, LeftOut, Message, Reaction, Target},
    source::{self, Attached, Zip},
};

/// What people say; everything else that has a `subtype` reports what somebody did.
const SAID: [&str; 6] =
    ["bot_message", "me_message", "thread_broadcast", "file_share", "file_comment", "reply_broadcast"];
/// What stands where somebody deleted a message that others had answered.
const DELETED: &str = "tombstone";

pub(super) struct Reader {
    zip: Zip,
    root: String,
    /// Of the parts of the archive, sorted.
    parts: Vec<String>,
    places: Vec<Place>,
    names: Names,
}

impl Reader {
    pub(super) fn new(
        zip: Zip,
        root: String,
        parts: Vec<String>,
        users: &[User],
        places: Vec<Place>,
    ) -> Self {
        let names = Names {
            users: users.iter().map(|user| (user.id.clone(), user.name.clone())).collect(),
            channels: places
                .iter()
                .map(|place| (place.channel.id.clone(), place.channel.name.clone()))
                .collect(),
        };
        Self { zip, root, parts, places, names }
    }

    /// Hands on all messages. May block.
    ///
    /// # Errors
    /// Where a part is damaged, and where nobody takes the messages any more.
    pub(super) fn read(&self, sender: &Sender<anyhow::Result<Entry>>) -> anyhow::Result<()> {
        let mut skipped: BTreeMap<String, u64> = BTreeMap::new();
        for place in &self.places {
            for day in self.days(place) {
                let mut messages: Vec<export::Message> = list(&self.zip, day)?;
                messages.sort_by(|one, other| {
                    millis(&one.ts).cmp(&millis(&other.ts)).then(one.ts.cmp(&other.ts))
                });
                for message in messages {
                    match message.subtype.as_deref() {
                        Some(subtype) if subtype != DELETED && !SAID.contains(&subtype) => {
                            *skipped.entry(format!("notices {subtype}")).or_default() += 1;
                        }
                        _ => sender.blocking_send(Ok(self.entry(place, message)))?,
                    }
                }
            }
        }
        for (kind, count) in skipped {
            sender.blocking_send(Ok(Entry::Skipped(kind, count)))?;
        }
        Ok(())
    }

    /// The days of a channel, in their order.
    fn days(&self, place: &Place) -> impl Iterator<Item = &str> {
        let folder = place.folder.clone();
        let from = self.parts.partition_point(|name| *name < folder);
        let is_day = |name: &str| name.ends_with(".json");
        let parts = self.parts[from..].iter().map(String::as_str);
        let of_channel = parts.take_while(move |name| name.starts_with(&folder));
        of_channel.filter(move |name| {
            is_day(name) && name.matches('/').count() == place.folder.matches('/').count()
        })
    }

    fn entry(&self, place: &Place, message: export::Message) -> Entry {
        let Some(created_at) = millis(&message.ts) else {
            let key = format!("{} of room {}", message.ts, place.channel.id);
            return Entry::LeftOut(LeftOut::new("message", key, "it has no time"));
        };
        let is_deleted = message.subtype.as_deref() == Some(DELETED);
        let text = markdown(message.text.as_deref().unwrap_or_default(), &self.names);
        let is_me = message.subtype.as_deref() == Some("me_message") && !text.is_empty();
        let content = if is_me { format!("_{text}_") } else { text };
        let answered = message.thread_ts.as_deref().filter(|ts| *ts != message.ts);
        Entry::Message(Box::new(Message {
            room: place.channel.id.clone(),
            sender: message.user.clone().or_else(|| message.bot_id.clone()),
            content,
            created_at,
            edited_at: message.edited.as_ref().and_then(|edited| millis(&edited.ts)),
            deleted_at: is_deleted.then_some(created_at),
            reply_to: answered.and_then(|ts| Some(Target { key: ts.to_owned(), created_at: millis(ts)? })),
            reads: Vec::new(),
            reactions: message.reactions.iter().flat_map(reactions).collect(),
            files: message.files.iter().map(|file| self.attached(place, file)).collect(),
            key: message.ts,
        }))
    }

    /// Slack's own exports have no files; programs that fetch them put them into one of two places.
    fn attached(&self, place: &Place, file: &File) -> Attached {
        let beside = [
            format!("{}attachments/{}-", place.folder, file.id),
            format!("{}__uploads/{}/", self.root, file.id),
        ];
        let part = beside.iter().filter(|_| !file.id.is_empty()).find_map(|start| {
            let at = self.parts.partition_point(|name| name < start);
            self.parts.get(at).filter(|name| name.starts_with(start.as_str()) && !name.ends_with('/'))
        });
        Attached {
            name: file.name.clone().unwrap_or_else(|| file.id.clone()),
            place: part.map(|name| source::Place::Zip(self.zip.clone(), name.clone())),
            url: file.permalink.clone(),
        }
    }
}

fn reactions(reaction: &export::Reaction) -> Vec<Reaction> {
    let Some(emoji) = emoji::named(&reaction.name) else { return Vec::new() };
    let by = |person: &String| Reaction { person: person.clone(), emoji: emoji.clone(), at: None };
    reaction.users.iter().map(by).collect()
}

/// What channels and people are called, by their ids.
pub(super) type ById = HashMap<String, String>;
