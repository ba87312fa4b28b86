//! Where somebody may search: their rooms, and what of them is not in the index yet.

use std::collections::HashSet;

use charla_protocol::UserId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{Search, examine::examine, find::Position, index::indexed_of_room};
use crate::{
    Result,
    tables::{messages, room_members, rooms, search_rooms},
};

/// Changes past the index that are looked through at most: of each room the latest. More there are only while an
/// index is being made.
const UNINDEXED: i64 = 4_000;
/// Messages that are read at a time.
const AT_A_TIME: i64 = 500;

/// A room of the caller.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(super) struct Place {
    pub(super) room_id: Uuid,
    /// Messages up to this seq are hidden from the caller.
    pub(super) hidden_seq: i64,
    revision: i64,
    indexed: Option<i64>,
}

/// What lies past the index.
#[derive(Debug, Default)]
pub(super) struct Unindexed {
    /// Messages that changed: what the index says of them does not count.
    pub(super) changed: HashSet<(Uuid, i64)>,
    pub(super) found: Vec<Position>,
}

/// The rooms of the caller that the search is about.
pub(super) async fn places(db: &impl ConnectionTrait, caller: UserId, search: &Search) -> Result<Vec<Place>> {
    let places = room_members::Entity::find()
        .select_only()
        .columns([room_members::Column::RoomId, room_members::Column::HiddenSeq])
        .column(rooms::Column::Revision)
        .column_as(search_rooms::Column::Revision, "indexed")
        .join(JoinType::InnerJoin, room_members::Relation::Room.def())
        .join(JoinType::LeftJoin, indexed_of_room())
        .filter(room_members::Column::UserId.eq(caller.0))
        .into_model::<Place>()
        .all(db)
        .await?;
    let wanted = search.filter.rooms.as_ref();
    Ok(places.into_iter().filter(|place| wanted.is_none_or(|rooms| rooms.contains(&place.room_id))).collect())
}

/// Looks through what the index does not know yet.
pub(super) async fn unindexed(
    db: &impl ConnectionTrait,
    places: &[Place],
    search: &Search,
) -> Result<Unindexed> {
    let mut unindexed = Unindexed::default();
    for windows in windows(places) {
        let any = windows.iter().fold(Condition::any(), |any, (place, from)| {
            any.add(
                messages::Column::RoomId
                    .eq(place.room_id)
                    .and(messages::Column::Revision.gt(*from))
                    .and(messages::Column::Revision.lte(from + AT_A_TIME))
                    .and(Expr::col(messages::Column::Seq).gt(place.hidden_seq)),
            )
        });
        let rows = messages::Entity::find().filter(any).all(db).await?;
        unindexed.changed.extend(rows.iter().map(|row| (row.room_id, row.seq)));
        let found = examine(db, search, rows).await?;
        unindexed.found.extend(found.iter().map(|hit| Position::of(&hit.row)));
    }
    Ok(unindexed)
}

/// The changes to look through, as groups of rooms and revisions from which on some are read; no group is larger than
/// what is read at a time.
fn windows(places: &[Place]) -> Vec<Vec<(Place, i64)>> {
    let behind: Vec<&Place> =
        places.iter().filter(|place| place.revision > place.indexed.unwrap_or(0)).collect();
    let count = i64::try_from(behind.len()).unwrap_or(i64::MAX);
    let share = Ord::max(UNINDEXED / Ord::max(count, 1), 1);
    let (mut groups, mut group, mut size) = (Vec::new(), Vec::new(), 0);
    for place in behind {
        let mut from = Ord::max(place.indexed.unwrap_or(0), place.revision - share);
        while from < place.revision {
            let count = Ord::min(place.revision - from, AT_A_TIME);
            if size + count > AT_A_TIME {
                groups.push(std::mem::take(&mut group));
                size = 0;
            }
            group.push((*place, from));
            size += count;
            from += AT_A_TIME;
        }
    }
    groups.push(group);
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(revision: i64, indexed: Option<i64>) -> Place {
        Place { room_id: Uuid::nil(), hidden_seq: 0, revision, indexed }
    }

    fn read(places: &[Place]) -> Vec<Vec<i64>> {
        windows(places).iter().map(|group| group.iter().map(|(_, from)| *from).collect()).collect()
    }

    #[test]
    fn only_so_much_is_read_beside_the_index() {
        assert_eq!(read(&[place(9, Some(9)), place(0, None)]), Vec::<Vec<i64>>::new());
        assert_eq!(read(&[place(9, Some(8)), place(9, None)]), [[8, 0]]);
        assert_eq!(read(&[place(900, None)]), [[0], [500]]);
        assert_eq!(
            read(&[place(1_000_000, Some(7))]).concat(),
            [996_000, 996_500, 997_000, 997_500, 998_000, 998_500, 999_000, 999_500]
        );
        let many = vec![place(1_000_000, None); 10_000];
        assert_eq!(read(&many).concat().len(), 10_000, "the last change of each");
    }
}
