//! Whether the two of a direct room may write to each other: read in the transaction of the message.
//!
//! Who sets a block takes the lock of the pair's room, which the batch holds: once a block is answered, no message comes.

use std::collections::{BTreeSet, HashMap, HashSet};

use charla_permissions::Contact;
use charla_protocol::{UserId, users::DirectMessages};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{command::Command, working::Working};
use crate::{
    Pair, Result,
    dialect::any_key,
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
    let blocked = load_blocks(tx, &partners).await?;
    let asking = partners.iter().filter(|(_, other)| takes(*other) == DirectMessages::Friends);
    let asking = asking.map(|(writer, other)| Pair::of(UserId(*writer), UserId(*other)));
    let friends = load_friends(tx, asking.collect()).await?;
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

/// The blocks between these partners, by who has set them and against whom.
async fn load_blocks(
    tx: &DatabaseTransaction,
    partners: &BTreeSet<(Uuid, Uuid)>,
) -> Result<HashSet<(Uuid, Uuid)>> {
    let both: BTreeSet<(Uuid, Uuid)> =
        partners.iter().flat_map(|(writer, other)| [(*writer, *other), (*other, *writer)]).collect();
    let keys = both.into_iter().map(|(blocker, blocked)| [blocker.into(), blocked.into()]);
    let are_between = any_key(tx, [blocks::Column::BlockerId, blocks::Column::BlockedId], keys);
    let rows = blocks::Entity::find().filter(are_between).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.blocker_id, row.blocked_id)).collect())
}

/// Those of the pairs that are friends.
async fn load_friends(tx: &DatabaseTransaction, pairs: BTreeSet<Pair>) -> Result<HashSet<Pair>> {
    if pairs.is_empty() {
        return Ok(HashSet::new());
    }
    let keys = pairs.into_iter().map(|pair| [pair.low.0.into(), pair.high.0.into()]);
    let are_friends = any_key(tx, [friendships::Column::LowId, friendships::Column::HighId], keys);
    let rows = friendships::Entity::find().filter(are_friends).all(tx).await?;
    Ok(rows.into_iter().map(|row| Pair { low: UserId(row.low_id), high: UserId(row.high_id) }).collect())
}
