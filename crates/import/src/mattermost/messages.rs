//! Posts and replies, in the order of their rooms.

use std::fs::File;

use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;

use super::{
    Attachments,
    index::{Index, load},
    line::{self, Post},
};
use crate::{
    emoji,
    model::{Entry, Message, Reaction, Target},
    source::Attached,
};

/// Hands on all messages. May block.
///
/// # Errors
/// Where the file can't be read any more, and where nobody takes the messages.
pub(super) fn read(
    file: &File,
    index: &Index,
    attachments: &Attachments,
    sender: &Sender<anyhow::Result<Entry>>,
) -> anyhow::Result<()> {
    for entry in &index.entries {
        let (post, answered) = load(file, *entry)?;
        let Some(room) = usize::try_from(entry.room).ok().and_then(|room| index.rooms.get(room)) else {
            continue;
        };
        let message = message(room, post, answered.as_ref(), attachments);
        sender.blocking_send(Ok(Entry::Message(Box::new(message))))?;
    }
    if index.notices > 0 {
        sender.blocking_send(Ok(Entry::Skipped("notices".to_owned(), index.notices)))?;
    }
    Ok(())
}

fn message(room: &str, post: Post, answered: Option<&Post>, attachments: &Attachments) -> Message {
    let attached = |attachment: &line::Attachment| Attached {
        name: attachment.path.clone(),
        place: attachments.place(&attachment.path),
        url: None,
    };
    Message {
        key: key(&post),
        room: room.to_owned(),
        sender: Some(post.user.clone()),
        created_at: post.create_at,
        edited_at: post.edit_at.filter(|at| *at > 0),
        deleted_at: None,
        reply_to: answered.map(|post| Target { key: key(post), created_at: post.create_at }),
        reads: Vec::new(),
        reactions: post.reactions.iter().flatten().filter_map(reaction).collect(),
        files: post.attachments.iter().flatten().map(attached).collect(),
        content: post.message,
    }
}

/// The format has no ids: who says the same twice in a millisecond has said it once, as Mattermost itself takes it.
fn key(post: &Post) -> String {
    let hash = Sha256::digest(&post.message);
    format!("{}/{}/{}", post.create_at, post.user, hex::encode(&hash[..8]))
}

fn reaction(reaction: &line::Reaction) -> Option<Reaction> {
    let emoji = emoji::named(&reaction.emoji_name)?;
    Some(Reaction { person: reaction.user.clone(), emoji, at: reaction.create_at })
}
