//! Puts together what a batch answers and tells.

use charla_protocol::{
    MessageId, RoomId, Timestamp, UserId,
    messages::{Message, ReadState},
};
use sea_orm::DatabaseTransaction;

use super::{
    command::Outcome,
    working::{Applied, ReadStep, Working},
};
use crate::{
    Error, Notice, Result,
    queries::{
        self,
        mentions::Mentions,
        summaries::People,
        unread::{self, Left, Readers},
    },
    tables::{messages, users::Viewer},
};

/// Puts together what each command answers and tells.
pub(super) async fn conclude(
    tx: &DatabaseTransaction,
    working: &Working,
    applied: Vec<Result<Applied>>,
) -> Result<(Vec<Result<Outcome>>, Vec<Notice>)> {
    let rows = applied.iter().flatten().filter_map(Applied::row).cloned().collect();
    let mut known = queries::assemble::messages(tx, rows, Viewer::EVERYBODY).await?.into_iter();
    let left = left_to_read(tx, working, &applied).await?;
    let people: People = working.users.iter().map(|(id, user)| (*id, user.summary())).collect();
    let mut results = Vec::with_capacity(applied.len());
    let mut notices = Vec::new();
    for applied in applied {
        let applied = match applied {
            Ok(applied) => applied,
            Err(error) => {
                results.push(Err(error));
                continue;
            }
        };
        let message = match &applied {
            Applied::Sent(row, mentions) => Some(fresh(working, &people, row, mentions)),
            Applied::Read { .. } => None,
            _ => known.next(),
        };
        results.push(Ok(match (applied, message) {
            (Applied::Sent(..), Some(message)) => {
                notices.push(Notice::Message(Box::new(message.clone())));
                Outcome::Sent(message)
            }
            (Applied::Edited(_), Some(message)) => {
                notices.push(Notice::MessageEdited(Box::new(message.clone())));
                Outcome::Changed(message)
            }
            (Applied::Deleted { was_pinned, .. }, Some(message)) => {
                notices.push(Notice::MessageDeleted(Box::new(message.clone())));
                notices.extend(was_pinned.then_some(Notice::RoomUpdated(message.room)));
                Outcome::Changed(message)
            }
            (Applied::Reacted(_, changed), Some(message)) => {
                notices.push(Notice::Reaction { message: Box::new(message.clone()), changed });
                Outcome::Changed(message)
            }
            (Applied::Repeated(_), Some(message)) => Outcome::Repeated(message),
            (Applied::Unchanged(_), Some(message)) => Outcome::Unchanged(message),
            (Applied::Read { reader, mut state, step }, _) => {
                (state.unread_count, state.mention_count) = left.of(state.room_id, reader);
                if let Some(step) = step {
                    tell_read(working, reader, &state, &step, &mut notices);
                }
                Outcome::Read(state)
            }
            (_, None) => return Err(Error::NotFound),
        }));
    }
    Ok((results, notices))
}

fn fresh(working: &Working, people: &People, row: &messages::Model, mentions: &Mentions) -> Message {
    Message {
        attachments: working.attachments(row.id),
        ..queries::assemble::fresh(row, mentions, people, &working.messages)
    }
}

/// What those who have read in the batch, but not to the end, have left to read.
async fn left_to_read(
    tx: &DatabaseTransaction,
    working: &Working,
    applied: &[Result<Applied>],
) -> Result<Left> {
    let last = |room: RoomId| working.rooms.get(&room.0).map_or(0, |room| room.last_seq);
    let readers = applied.iter().flatten().filter_map(|applied| match applied {
        Applied::Read { reader, state, .. } if state.seq < last(state.room_id) => {
            Some((state.room_id, *reader))
        }
        _ => None,
    });
    unread::left(tx, Readers::Members(&readers.collect())).await
}

/// The room hears of it unless the reader keeps their receipts to themselves; their own devices always do.
fn tell_read(
    working: &Working,
    reader: UserId,
    state: &ReadState,
    step: &ReadStep,
    notices: &mut Vec<Notice>,
) {
    if let Some(user) = working.users.get(&reader.0).filter(|user| user.send_read_receipts) {
        notices.push(Notice::MessagesRead {
            room_id: state.room_id,
            user_id: reader,
            username: user.username.clone(),
            up_to: MessageId(step.message_id),
            seq: step.seq,
            read_at: Timestamp::from_millis(step.read_at),
        });
    }
    notices.push(Notice::ReadState { user_id: reader, state: state.clone() });
}
