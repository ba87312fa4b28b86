//! Whether the two of a direct room may write to each other: read in the transaction of the message.
//!
//! Who sets a block takes the lock of the pair's room, which the batch holds: once a block is answered, no message comes.

use std::collections::{BTreeSet, HashMap, HashSet};

use charla_permissions::Contact;
use charla_protocol::{UserId, users::DirectMessages};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{command::Command, working::Working};
use crate::{
    Pair, Result,
    lists::padded,
    queries::relations::Relation,
    tables::{blocks, friendships, users},
};

/// Who writes to whom, in the direct rooms of the batch.
pub(super) fn partners(commands: &[&Command], working: &Working) -> BTreeSet<(Uuid, Uuid)> {
    let writes = commands
        .iter()
        .filter(|command| matches!(command, Command::Send(_) | Command::Edit(_) | Command::React(_)));
    let partners = writes.filter_map(|command| {
        let (room, writer) = (command.room().0, command.actor().0);
        working.members.get(&(room, writer))?;
        Some((writer, working.rooms.get(&room)?.other(writer)?))
    });
    partners.collect()
}

/// How they stand to each other, by both. `most` is from whom the server lets people take direct messages at most.
pub(super) async fn load(
    tx: &DatabaseTransaction,
    partners: BTreeSet<(Uuid, Uuid)>,
    working: &Working,
    most: DirectMessages,
) -> Result<HashMap<(Uuid, Uuid), Contact>> {
    if partners.is_empty() {
        return Ok(HashMap::new());
    }
    let takes = |person: Uuid| {
        working.users.get(&person).map_or(most, |user: &users::Model| user.takes_direct_messages(most))
    };
    let people: BTreeSet<Uuid> = partners.iter().flat_map(|(writer, other)| [*writer, *other]).collect();
    let blocked = load_blocks(tx, &people).await?;
    let asks_for_friends = partners.iter().any(|(_, other)| takes(*other) == DirectMessages::Friends);
    let friends = if asks_for_friends { load_friends(tx, &people).await? } else { HashSet::new() };
    let contact = |(writer, other): (Uuid, Uuid)| {
        let relation = Relation {
            has_blocked: blocked.contains(&(writer, other)),
            is_blocked: blocked.contains(&(other, writer)),
            are_friends: friends.contains(&Pair::of(UserId(writer), UserId(other))),
            ..Relation::default()
        };
        let person = working.users.get(&other);
        person.map_or_else(|| relation.contact(most), |person| relation.contact_with(person, most))
    };
    Ok(partners.into_iter().map(|key| (key, contact(key))).collect())
}

/// The blocks among these people, by who has set them and against whom.
async fn load_blocks(tx: &DatabaseTransaction, people: &BTreeSet<Uuid>) -> Result<HashSet<(Uuid, Uuid)>> {
    let rows = blocks::Entity::find()
        .filter(blocks::Column::BlockerId.is_in(padded(people.iter().copied())))
        .filter(blocks::Column::BlockedId.is_in(padded(people.iter().copied())))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.blocker_id, row.blocked_id)).collect())
}

async fn load_friends(tx: &DatabaseTransaction, people: &BTreeSet<Uuid>) -> Result<HashSet<Pair>> {
    let rows = friendships::Entity::find()
        .filter(friendships::Column::LowId.is_in(padded(people.iter().copied())))
        .filter(friendships::Column::HighId.is_in(padded(people.iter().copied())))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| Pair { low: UserId(row.low_id), high: UserId(row.high_id) }).collect())
}
