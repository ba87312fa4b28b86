//! What somebody has with other people: one query, however many they are.

use std::collections::HashMap;

use charla_permissions::Contact;
use charla_protocol::{
    UserId,
    users::{DirectMessages, Friendship},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, ExprTrait, FromQueryResult,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::rooms::direct_key;
use crate::{
    Result,
    lists::padded,
    tables::{blocks, friend_requests, friendships, room_members, rooms, users},
};

/// What a viewer has with a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    pub are_friends: bool,
    /// The viewer has asked for friendship.
    pub has_asked: bool,
    /// The person has asked for friendship.
    pub is_asked: bool,
    /// The viewer has blocked the person.
    pub has_blocked: bool,
    /// The person has blocked the viewer.
    pub is_blocked: bool,
    pub share_direct_room: bool,
}

impl Relation {
    /// As the viewer is told it. Nobody is told who has blocked them.
    pub const fn friendship(self) -> Friendship {
        match self {
            Self { has_blocked: true, .. } => Friendship::Blocked,
            Self { are_friends: true, .. } => Friendship::Friends,
            Self { has_asked: true, .. } => Friendship::Outgoing,
            Self { is_asked: true, .. } => Friendship::Incoming,
            _ => Friendship::None,
        }
    }

    /// Whether a block stands between the two, whoever has set it.
    pub const fn is_parted(self) -> bool {
        self.has_blocked || self.is_blocked
    }

    /// Whether the two see each other come and go.
    pub const fn is_near(self) -> bool {
        (self.are_friends || self.share_direct_room) && !self.is_parted()
    }

    /// What decides on the viewer's turning to that person. `most` is from whom the server lets people take direct messages at most.
    pub fn contact_with(self, person: &users::Model, most: DirectMessages) -> Contact {
        let is_gone = person.deleted_at.is_some();
        Contact { is_gone, ..self.contact(person.takes_direct_messages(most)) }
    }

    /// The same for somebody who is there, and takes direct messages from these.
    pub const fn contact(self, direct_messages: DirectMessages) -> Contact {
        Contact {
            has_blocked: self.has_blocked,
            is_blocked: self.is_blocked,
            are_friends: self.are_friends,
            is_gone: false,
            direct_messages,
        }
    }
}

#[derive(FromQueryResult)]
struct Fact {
    user_id: Uuid,
    kind: i32,
}

/// What `viewer` has with each of these people; the ids are those of a page.
///
/// # Errors
/// Those of the database.
pub async fn of(
    db: &impl ConnectionTrait,
    viewer: UserId,
    people: &[UserId],
) -> Result<HashMap<UserId, Relation>> {
    let mut relations: HashMap<UserId, Relation> = HashMap::new();
    if people.is_empty() {
        return Ok(relations);
    }
    let query = db.get_database_backend().build(&facts(viewer, people));
    for fact in Fact::find_by_statement(query).all(db).await? {
        let relation = relations.entry(UserId(fact.user_id)).or_default();
        match fact.kind {
            0 => relation.are_friends = true,
            1 => relation.has_asked = true,
            2 => relation.is_asked = true,
            3 => relation.has_blocked = true,
            4 => relation.is_blocked = true,
            _ => relation.share_direct_room = true,
        }
    }
    Ok(relations)
}

/// What `viewer` has with one person.
///
/// # Errors
/// Those of the database.
pub async fn between(db: &impl ConnectionTrait, viewer: UserId, person: UserId) -> Result<Relation> {
    Ok(of(db, viewer, &[person]).await?.remove(&person).unwrap_or_default())
}

fn facts(viewer: UserId, people: &[UserId]) -> SelectStatement {
    use blocks::Column as Block;
    use friend_requests::Column as Request;
    use friendships::Column as Friends;
    let fact = |kind, facts: SelectStatement| facts.to_owned().expr_as(Expr::cust(kind), "kind").to_owned();
    let mut query = fact("0", rows((Friends::LowId, viewer), (Friends::HighId, people)));
    for (kind, rows) in [
        ("0", rows((Friends::HighId, viewer), (Friends::LowId, people))),
        ("1", rows((Request::SenderId, viewer), (Request::ReceiverId, people))),
        ("2", rows((Request::ReceiverId, viewer), (Request::SenderId, people))),
        ("3", rows((Block::BlockerId, viewer), (Block::BlockedId, people))),
        ("4", rows((Block::BlockedId, viewer), (Block::BlockerId, people))),
        ("5", direct_rooms(viewer, people)),
    ] {
        query.union(UnionType::All, fact(kind, rows));
    }
    query
}

/// Those of the people who stand in the one column where the viewer stands in the other.
fn rows<C: ColumnTrait>(mine: (C, UserId), theirs: (C, &[UserId])) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(theirs.0.as_column_ref()), "user_id")
        .from(theirs.0.entity_name())
        .and_where(mine.0.eq(mine.1.0))
        .and_where(theirs.0.is_in(padded(theirs.1.iter().map(|person| person.0))))
        .to_owned()
}

/// Those of the people with whom the viewer has a direct room.
fn direct_rooms(viewer: UserId, people: &[UserId]) -> SelectStatement {
    use room_members::Column as Member;
    let keys = people.iter().map(|person| direct_key(viewer, *person));
    let of_room = Expr::col(rooms::Column::Id.as_column_ref()).equals(Member::RoomId.as_column_ref());
    Query::select()
        .expr_as(Expr::col(Member::UserId.as_column_ref()), "user_id")
        .from(rooms::Entity)
        .inner_join(room_members::Entity, of_room)
        .and_where(rooms::Column::DirectKey.is_in(padded(keys)))
        .and_where(Member::UserId.ne(viewer.0))
        .to_owned()
}
