//! Rooms as people see them: one query of a kind, however many rooms, and however many people.

use std::collections::{BTreeSet, HashMap};

use charla_protocol::{RoomId, Timestamp, UserId, messages::Message, rooms::Room, users::UserSummary};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, ExprTrait, FromQueryResult, Order, QueryResult,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Result,
    columns::Columns,
    queries::{
        assemble, messages, pins, summaries,
        unread::{self, Left, Readers},
    },
    tables::{
        room_members, rooms,
        users::{self, Receipts, Viewer},
    },
};

/// Members that stand in a room's `participants`.
const PARTICIPANTS: u64 = 50;

/// A room, and who looks at it, in it or not.
struct View<'a> {
    room: rooms::Model,
    member: Option<room_members::Model>,
    viewer: Option<&'a users::Model>,
}

/// The rooms as `viewer` sees them, in the same order. Without a viewer, what depends on one is null: the last message too,
/// which may be hidden from some.
///
/// # Errors
/// Those of the database.
pub async fn wire(
    db: &impl ConnectionTrait,
    viewer: Option<&users::Model>,
    rows: Vec<(rooms::Model, Option<room_members::Model>)>,
) -> Result<Vec<Room>> {
    show(db, rows.into_iter().map(|(room, member)| View { room, member, viewer }).collect()).await
}

/// One room as each of these members sees it, in the same order.
///
/// # Errors
/// Those of the database.
pub async fn wire_for_each(
    db: &impl ConnectionTrait,
    room: &rooms::Model,
    members: &[(room_members::Model, users::Model)],
) -> Result<Vec<Room>> {
    let views = members.iter().map(|(member, viewer)| View {
        room: room.clone(),
        member: Some(member.clone()),
        viewer: Some(viewer),
    });
    show(db, views.collect()).await
}

async fn show(db: &impl ConnectionTrait, views: Vec<View<'_>>) -> Result<Vec<Room>> {
    let ids: BTreeSet<RoomId> = views.iter().map(View::id).collect();
    let ids: Vec<RoomId> = ids.into_iter().collect();
    let participants = participants(db, &ids).await?;
    let pins = pins::counts(db, &ids).await?;
    let last = last_messages(db, &views).await?;
    let readers = views.iter().filter_map(|view| Some((view.id(), view.reader()?))).collect();
    let left = unread::left(db, Readers::Members(&readers)).await?;
    let shown = views.into_iter().zip(last).map(|(view, last_message)| Room {
        participants: participants.get(&view.id()).cloned().unwrap_or_default(),
        pin_count: pins.get(&view.id()).copied().unwrap_or(0),
        last_message,
        ..view.wire(&left)
    });
    Ok(shown.collect())
}

impl View<'_> {
    fn id(&self) -> RoomId {
        RoomId(self.room.id)
    }

    /// Who looks at it, if they are in it.
    fn reader(&self) -> Option<UserId> {
        self.member.as_ref()?;
        self.viewer.map(users::Model::user_id)
    }

    /// The last message, unless it is hidden from the viewer.
    fn last_message(&self) -> Option<Uuid> {
        self.viewer?;
        self.member.as_ref().filter(|member| self.room.last_seq > member.hidden_seq)?;
        self.room.last_message_id
    }

    /// The room without what takes queries of its own.
    fn wire(self, left: &Left) -> Room {
        let counts = self.reader().map(|reader| left.of(self.id(), reader));
        let Self { room, member, .. } = self;
        let preferences = member.as_ref().map(room_members::Model::preferences);
        Room {
            id: RoomId(room.id),
            slug: room.slug.clone(),
            topic: room.topic.clone(),
            room_type: room.room_type(),
            visibility: room.visibility(),
            avatar_url: room.avatar_url(),
            participants: Vec::new(),
            participant_count: room.member_count.unsigned_abs(),
            created_by: room.created_by.map(UserId),
            is_active: room.is_active,
            created_at: Timestamp::from_millis(room.created_at),
            history: room.history(),
            slow_mode: room.slow_mode.unsigned_abs(),
            revision: room.revision,
            last_message: None,
            unread_count: counts.map(|(unread, _)| unread),
            mention_count: counts.map(|(_, mentions)| mentions),
            my_role: member.as_ref().map(room_members::Model::role),
            notify: preferences.as_ref().map(|preferences| preferences.notify),
            muted_until: preferences.as_ref().and_then(|preferences| preferences.muted_until),
            pinned: preferences.as_ref().map(|preferences| preferences.pinned),
            pin_count: 0,
            name: room.name,
        }
    }
}

/// The last message of each room as its viewer sees it, in the same order; for members from whom it is not hidden.
async fn last_messages(db: &impl ConnectionTrait, views: &[View<'_>]) -> Result<Vec<Option<Message>>> {
    let mut last = vec![None; views.len()];
    let ids: BTreeSet<Uuid> = views.iter().filter_map(View::last_message).collect();
    if ids.is_empty() {
        return Ok(last);
    }
    let found = messages::find_listed(db, ids).await?;
    let is_shared = |view: &View<'_>| view.viewer.is_some_and(|viewer| viewer.send_read_receipts);
    let receipts = if views.iter().any(is_shared) { Receipts::Shared } else { Receipts::Kept };
    let told = assemble::listed(db, found, Viewer { receipts, ..Viewer::EVERYBODY }).await?;
    let told: HashMap<Uuid, Message> = told.into_iter().map(|message| (message.id.0, message)).collect();
    let seen = views.iter().enumerate().filter_map(|(place, view)| {
        let message = told.get(&view.last_message()?)?.clone();
        Some((place, (message, view.viewer?.viewer())))
    });
    let (places, seen): (Vec<usize>, Vec<(Message, Viewer)>) = seen.unzip();
    for (place, message) in places.into_iter().zip(assemble::for_viewers(db, seen).await?) {
        last[place] = Some(message);
    }
    Ok(last)
}

struct Participant {
    room: RoomId,
    joined_at: i64,
    person: UserSummary,
}

impl FromQueryResult for Participant {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let mut columns = Columns::of(row);
        Ok(Self {
            room: RoomId(columns.take()?),
            joined_at: columns.take()?,
            person: summaries::read(&mut columns)?,
        })
    }
}

/// The first members of each room. A room's branch of the union reads no more than its share of an index.
async fn participants(
    db: &impl ConnectionTrait,
    rooms: &[RoomId],
) -> Result<HashMap<RoomId, Vec<UserSummary>>> {
    let mut branches = rooms.iter().map(|room| first_members(*room));
    let Some(mut query) = branches.next() else { return Ok(HashMap::new()) };
    for branch in branches {
        query.union(UnionType::All, branch);
    }
    let mut rows = Participant::find_by_statement(db.get_database_backend().build(&query)).all(db).await?;
    rows.sort_by_key(|row| (row.joined_at, row.person.id));
    let mut participants: HashMap<RoomId, Vec<UserSummary>> = HashMap::new();
    for row in rows {
        participants.entry(row.room).or_default().push(row.person);
    }
    Ok(participants)
}

fn first_members(room: RoomId) -> SelectStatement {
    let mut first = Query::select();
    first
        .columns([room_members::Column::RoomId, room_members::Column::UserId, room_members::Column::JoinedAt])
        .from(room_members::Entity)
        .and_where(room_members::Column::RoomId.eq(room.0))
        .order_by(room_members::Column::JoinedAt, Order::Asc)
        .order_by(room_members::Column::UserId, Order::Asc)
        .limit(PARTICIPANTS);
    let is_member =
        Expr::col((users::Entity, users::Column::Id)).equals(("members", room_members::Column::UserId));
    // SQLite takes no LIMIT in a branch of a union, but in a table of one.
    Query::select()
        .columns([("members", room_members::Column::RoomId), ("members", room_members::Column::JoinedAt)])
        .columns(summaries::COLUMNS.map(|column| (users::Entity, column)))
        .from_subquery(first, "members")
        .inner_join(users::Entity, is_member)
        .to_owned()
}
