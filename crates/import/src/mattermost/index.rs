//! What stands where in the file: 24 bytes a post, and all else as it is.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
};

use anyhow::{Context, bail};

use super::line::{Channel, DirectChannel, Line, Post, User, channel_key, direct_key};
use crate::model::LeftOut;

/// Bytes of a line at most.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// A post or a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Which of the rooms.
    pub(super) room: u32,
    /// Milliseconds.
    pub(super) create_at: i64,
    /// Where its line begins.
    pub(super) offset: u64,
    /// 0 is the post of the line, 1 its first reply.
    pub(super) part: u32,
}

#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) has_version: bool,
    pub(super) users: Vec<User>,
    /// By key.
    pub(super) channels: BTreeMap<String, Channel>,
    /// By key.
    pub(super) directs: BTreeMap<String, DirectChannel>,
    /// The keys that entries name by number.
    pub(super) rooms: Vec<String>,
    /// Room by room, each in its order.
    pub(super) entries: Vec<Entry>,
    pub(super) notices: u64,
    pub(super) left_out: Vec<LeftOut>,
    numbers: BTreeMap<String, u32>,
}

impl Index {
    /// # Errors
    /// Where the file can't be read, or a line is none of the format.
    pub(super) fn read(file: &File) -> anyhow::Result<Self> {
        let mut index = Self::default();
        let mut reader = BufReader::new(file);
        reader.seek(SeekFrom::Start(0))?;
        let (mut offset, mut number, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            let length = next_line(&mut reader, &mut line)?;
            if length == 0 {
                break;
            }
            number += 1;
            if !line.trim_ascii().is_empty() {
                let parsed = serde_json::from_slice(&line).with_context(|| format!("line {number}"))?;
                index.note(parsed, offset)?;
            }
            offset += length;
        }
        index.entries.sort_unstable();
        Ok(index)
    }

    fn note(&mut self, line: Line, offset: u64) -> anyhow::Result<()> {
        match line.kind.as_str() {
            "version" => self.has_version = true,
            "user" => self.users.extend(line.user),
            "channel" => {
                let keyed = line.channel.map(|channel| (channel_key(&channel.team, &channel.name), channel));
                self.channels.extend(keyed);
            }
            "direct_channel" => {
                let members = |channel: &DirectChannel| match (&channel.participants, &channel.members) {
                    (Some(people), _) => people.iter().map(|person| person.username.clone()).collect(),
                    (None, members) => members.clone().unwrap_or_default(),
                };
                let keyed = line.direct_channel.map(|channel| (direct_key(&members(&channel)), channel));
                self.directs.extend(keyed);
            }
            "post" | "direct_post" => {
                if let Some(post) = line.post.or(line.direct_post) {
                    self.note_post(&post, offset)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn note_post(&mut self, post: &Post, offset: u64) -> anyhow::Result<()> {
        let key = post.room();
        let known = self.numbers.get(&key).copied();
        let room = match known {
            Some(room) => room,
            None => {
                let room = u32::try_from(self.rooms.len())?;
                self.rooms.push(key.clone());
                self.numbers.insert(key.clone(), room);
                room
            }
        };
        if let Some(members) = &post.channel_members {
            let made = || DirectChannel { members: Some(members.clone()), participants: None };
            self.directs.entry(key).or_insert_with(made);
        }
        let replies = post.replies.iter().flatten();
        for (part, said) in (0..).zip(std::iter::once(post).chain(replies)) {
            if said.is_notice() {
                self.notices += 1;
            } else {
                self.entries.push(Entry { room, create_at: said.create_at, offset, part });
            }
        }
        Ok(())
    }
}

/// The post or reply of an entry, and the post that it replies to.
///
/// # Errors
/// Where the file has changed meanwhile.
pub(super) fn load(file: &File, entry: Entry) -> anyhow::Result<(Post, Option<Post>)> {
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(entry.offset))?;
    let mut line = Vec::new();
    next_line(&mut reader, &mut line)?;
    let parsed: Line = serde_json::from_slice(&line)?;
    let mut post = parsed.post.or(parsed.direct_post).context("a post is gone")?;
    if entry.part == 0 {
        return Ok((post, None));
    }
    let place = usize::try_from(entry.part)? - 1;
    let reply = post.replies.take().and_then(|replies| replies.into_iter().nth(place));
    Ok((reply.context("a reply is gone")?, Some(post)))
}

/// Reads a line with its end, and gives its length in the file; 0 at the end.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> anyhow::Result<u64> {
    let length = reader.take(MAX_LINE).read_until(b'\n', line)? as u64;
    if length == MAX_LINE {
        bail!("a line has more than {MAX_LINE} bytes");
    }
    Ok(length)
}
