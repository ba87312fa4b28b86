//! Who has read what: everything derives from the members' read cursors and their steps.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{Timestamp, messages::MessageRead};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    Result,
    tables::{messages, read_steps, room_members, users},
};

/// Cursors of the rooms of some messages: enough to say how many have read each.
#[derive(Debug, Default)]
pub struct ReadCounts {
    /// By room: (cursor, how many stand there), the highest cursor first.
    cursors: HashMap<Uuid, Vec<(i64, u64)>>,
    /// The cursors of the senders, by room and user.
    senders: HashMap<(Uuid, Uuid), i64>,
}

impl ReadCounts {
    /// How many others have read the message.
    pub fn of(&self, row: &messages::Model) -> u64 {
        let all: u64 = self.cursors.get(&row.room_id).map_or(0, |cursors| {
            cursors.iter().take_while(|(cursor, _)| *cursor >= row.seq).map(|(_, readers)| readers).sum()
        });
        let own = self.senders.get(&(row.room_id, row.sender_id)).is_some_and(|cursor| *cursor >= row.seq);
        all - u64::from(own && all > 0)
    }
}

/// Loads the cursors that matter for these messages. Members who keep their receipts to themselves do not count.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, rows: &[messages::Model]) -> Result<ReadCounts> {
    let mut first: HashMap<Uuid, i64> = HashMap::new();
    for row in rows {
        first.entry(row.room_id).and_modify(|seq| *seq = Ord::min(row.seq, *seq)).or_insert(row.seq);
    }
    let past_first = first.iter().fold(Condition::any(), |any, (room, seq)| {
        any.add(room_members::Column::RoomId.eq(*room).and(room_members::Column::LastReadSeq.gte(*seq)))
    });
    let counted = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .column(room_members::Column::LastReadSeq)
        .column_as(room_members::Column::UserId.count(), "readers")
        .inner_join(users::Entity)
        .filter(users::Column::SendReadReceipts.eq(true))
        .filter(past_first)
        .group_by(room_members::Column::RoomId)
        .group_by(room_members::Column::LastReadSeq)
        .order_by_desc(room_members::Column::LastReadSeq)
        .into_tuple::<(Uuid, i64, i64)>()
        .all(db)
        .await?;
    let mut counts = ReadCounts::default();
    for (room, cursor, readers) in counted {
        counts.cursors.entry(room).or_default().push((cursor, readers.unsigned_abs()));
    }
    if !counts.cursors.is_empty() {
        counts.senders = sender_cursors(db, rows).await?;
    }
    Ok(counts)
}

async fn sender_cursors(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<(Uuid, Uuid), i64>> {
    let keys: BTreeSet<(Uuid, Uuid)> = rows.iter().map(|row| (row.room_id, row.sender_id)).collect();
    let any = keys.into_iter().fold(Condition::any(), |any, (room, user)| {
        any.add(room_members::Column::RoomId.eq(room).and(room_members::Column::UserId.eq(user)))
    });
    let cursors = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .column(room_members::Column::UserId)
        .column(room_members::Column::LastReadSeq)
        .inner_join(users::Entity)
        .filter(users::Column::SendReadReceipts.eq(true))
        .filter(any)
        .into_tuple::<(Uuid, Uuid, i64)>()
        .all(db)
        .await?;
    Ok(cursors.into_iter().map(|(room, user, cursor)| ((room, user), cursor)).collect())
}

/// Who has read the message, and when, the first reader first. Its sender does not count.
///
/// # Errors
/// Those of the database.
pub async fn readers(db: &impl ConnectionTrait, row: &messages::Model) -> Result<Vec<MessageRead>> {
    let steps = read_steps::Entity::find()
        .select_only()
        .column(read_steps::Column::UserId)
        .column_as(read_steps::Column::ReadAt.min(), "first_read_at")
        .filter(read_steps::Column::RoomId.eq(row.room_id))
        .filter(read_steps::Column::Seq.gte(row.seq))
        .filter(read_steps::Column::UserId.ne(row.sender_id))
        .group_by(read_steps::Column::UserId)
        .into_tuple::<(Uuid, i64)>()
        .all(db)
        .await?;
    let readers = users::Entity::find()
        .filter(users::Column::Id.is_in(steps.iter().map(|(user, _)| *user)))
        .filter(users::Column::SendReadReceipts.eq(true))
        .all(db)
        .await?;
    let people: HashMap<Uuid, users::Model> = readers.into_iter().map(|user| (user.id, user)).collect();
    let mut reads: Vec<MessageRead> = steps
        .into_iter()
        .filter_map(|(user, at)| {
            people
                .get(&user)
                .map(|user| MessageRead { user: user.summary(), read_at: Timestamp::from_millis(at) })
        })
        .collect();
    reads.sort_by_key(|read| (read.read_at, read.user.id));
    Ok(reads)
}
