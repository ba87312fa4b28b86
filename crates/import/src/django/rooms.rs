//! Rooms and who is in them: as the tables have it, or as the messages tell.

use std::collections::BTreeMap;

use sea_orm::{
    Order,
    sea_query::{Alias, ExprTrait},
};

use super::{
    connection::Connection,
    map::{Chat, Members, Rooms},
    messages::{pair_key, room_key},
    rows::{Row, Select, column},
    value::{is_true, millis},
};
use crate::model::{LeftOut, Member, Room, RoomKind};

/// What `kind` says of rooms of two.
const DIRECT: [&str; 11] = [
    "direct",
    "dm",
    "private",
    "personal",
    "one_to_one",
    "one-to-one",
    "individual",
    "pm",
    "privado",
    "directo",
    "p2p",
];
const OWNERS: [&str; 5] = ["owner", "creator", "host", "dueño", "propietario"];
const ADMINS: [&str; 6] = ["admin", "administrator", "moderator", "mod", "administrador", "moderador"];

/// The rooms of a chat.
///
/// # Errors
/// Those of the database.
pub(super) async fn read(
    connection: &Connection,
    chat: &Chat,
    left_out: &mut Vec<LeftOut>,
) -> anyhow::Result<Vec<Room>> {
    match (&chat.rooms, &chat.messages.room) {
        (Some(rooms), Some(_)) => of_table(connection, chat, rooms, left_out).await,
        (_, Some(_)) => named(connection, chat).await,
        (_, None) => pairs(connection, chat).await,
    }
}

async fn of_table(
    connection: &Connection,
    chat: &Chat,
    rooms: &Rooms,
    left_out: &mut Vec<LeftOut>,
) -> anyhow::Result<Vec<Room>> {
    let mut members = match &chat.members {
        Some(members) => members_of_table(connection, chat, members).await?,
        None if rooms.people.is_empty() => members_by_messages(connection, chat).await?,
        None => BTreeMap::new(),
    };
    let columns = [
        Some(&rooms.id),
        rooms.name.as_ref(),
        rooms.topic.as_ref(),
        rooms.kind.as_ref(),
        rooms.is_group.as_ref(),
        rooms.is_public.as_ref(),
        rooms.is_private.as_ref(),
        rooms.is_active.as_ref(),
        rooms.creator.as_ref(),
        rooms.created_at.as_ref(),
    ];
    let mut select = Select::from(connection.backend(), &rooms.table);
    let columns = columns.into_iter().chain(rooms.people.iter().map(Some));
    for name in columns {
        select = select.column(name.map(String::as_str));
    }
    select.query.order_by_expr(column(&rooms.table, &rooms.id), Order::Asc);
    let mut found = Vec::new();
    for row in connection.all(select.sql()).await? {
        let mut people = members.remove(&row.text(0)).unwrap_or_default();
        let in_row = (10..10 + rooms.people.len()).filter_map(|index| row.get(index));
        people.extend(in_row.map(Member::of));
        people.extend(row.get(8).map(Member::of));
        found.push(room(&row, chat, rooms, people));
    }
    for (key, _) in members {
        left_out.push(LeftOut::new("room", key, "it has members, but no row"));
    }
    Ok(found)
}

fn room(row: &Row, chat: &Chat, rooms: &Rooms, mut members: Vec<Member>) -> Room {
    let mut seen = std::collections::HashSet::new();
    // What the table of members says comes first.
    members.retain(|member| seen.insert(member.person.clone()));
    let is_direct = members.len() == 2 && is_direct(row, rooms);
    let is_open = chat.members.is_none() && rooms.people.is_empty();
    let says = |index: usize| row.get(index).map(|value| is_true(Some(value)));
    let is_public = says(5).or_else(|| says(6).map(|is_private| !is_private));
    let is_public = is_public.unwrap_or_else(|| match row.get(3) {
        Some(kind) => kind.to_lowercase().contains("public") || is_open,
        None => is_open,
    });
    let kind = match is_direct {
        true => RoomKind::Direct,
        false => RoomKind::Group { name: row.text(1), topic: row.text(2), is_public },
    };
    Room {
        key: room_key(chat, row.get(0).unwrap_or_default()),
        knows_reads: knows_reads(chat, is_direct),
        kind,
        creator: row.get(8).map(ToOwned::to_owned),
        created_at: row.get(9).and_then(millis),
        is_active: rooms.is_active.is_none() || is_true(row.get(7)),
        members,
    }
}

/// Whether two people are alone in a room because it is theirs.
fn is_direct(row: &Row, rooms: &Rooms) -> bool {
    match (row.get(3), row.get(4)) {
        (Some(kind), _) => DIRECT.contains(&kind.to_lowercase().as_str()),
        (None, Some(is_group)) => !is_true(Some(is_group)),
        (None, None) => rooms.direct,
    }
}

/// That a message `is_read` tells who has read it where there are two.
fn knows_reads(chat: &Chat, is_direct: bool) -> bool {
    let by_members = chat.members.as_ref();
    let cursor = by_members
        .is_some_and(|members| members.last_read_at.is_some() || members.last_read_message.is_some());
    chat.reads.is_some() || cursor || (is_direct && chat.messages.is_read.is_some())
}

/// By room.
type ByRoom = BTreeMap<String, Vec<Member>>;

async fn members_of_table(connection: &Connection, chat: &Chat, members: &Members) -> anyhow::Result<ByRoom> {
    let messages = &chat.messages;
    let mut select = Select::from(connection.backend(), &members.table)
        .column(Some(&members.room))
        .column(Some(&members.user))
        .column(members.role.as_deref())
        .column(members.is_admin.as_deref())
        .column(members.joined_at.as_deref())
        .column(members.last_read_at.as_deref());
    if let Some(last) = &members.last_read_message {
        select = select.column_of(&messages.table, Some(&messages.created_at));
        let is_last = column(&messages.table, &messages.id).eq(column(&members.table, last));
        select.query.left_join(Alias::new(&messages.table), is_last);
    }
    let mut found = ByRoom::new();
    for row in connection.all(select.sql()).await? {
        let role = row.text(2).to_lowercase();
        let member = Member {
            person: row.text(1),
            is_owner: OWNERS.contains(&role.as_str()),
            is_admin: ADMINS.contains(&role.as_str()) || is_true(row.get(3)),
            joined_at: row.get(4).and_then(millis),
            read_until: row.get(5).or(row.get(6)).and_then(millis),
        };
        found.entry(row.text(0)).or_default().push(member);
    }
    Ok(found)
}

/// Where no table says who is in a room, those are who write there or are written to.
async fn members_by_messages(connection: &Connection, chat: &Chat) -> anyhow::Result<ByRoom> {
    let messages = &chat.messages;
    let mut found = ByRoom::new();
    for person in [Some(&messages.sender), messages.receiver.as_ref()].into_iter().flatten() {
        let mut select = Select::from(connection.backend(), &messages.table)
            .column(messages.room.as_deref())
            .column(Some(person));
        select.query.distinct();
        for row in connection.all(select.sql()).await? {
            if let Some(person) = row.get(1) {
                found.entry(row.text(0)).or_default().push(Member::of(person));
            }
        }
    }
    Ok(found)
}

/// Rooms that are but a name in their messages.
async fn named(connection: &Connection, chat: &Chat) -> anyhow::Result<Vec<Room>> {
    let members = members_by_messages(connection, chat).await?;
    let room = |(name, members): (String, Vec<Member>)| Room {
        key: room_key(chat, &name),
        kind: RoomKind::Group { name, topic: String::new(), is_public: true },
        creator: None,
        created_at: None,
        is_active: true,
        members,
        knows_reads: knows_reads(chat, false),
    };
    Ok(members.into_iter().map(room).collect())
}

/// The direct rooms of those who write to each other without a room.
async fn pairs(connection: &Connection, chat: &Chat) -> anyhow::Result<Vec<Room>> {
    let messages = &chat.messages;
    let mut select = Select::from(connection.backend(), &messages.table)
        .column(Some(&messages.sender))
        .column(messages.receiver.as_deref());
    select.query.distinct();
    let mut pairs = BTreeMap::new();
    for row in connection.all(select.sql()).await? {
        if let (Some(one), Some(other)) = (row.get(0), row.get(1)) {
            pairs.insert(pair_key(chat, one, other), [one.to_owned(), other.to_owned()]);
        }
    }
    let room = |(key, people): (String, [String; 2])| Room {
        key,
        kind: RoomKind::Direct,
        creator: None,
        created_at: None,
        is_active: true,
        members: people.into_iter().map(Member::of).collect(),
        knows_reads: knows_reads(chat, true),
    };
    Ok(pairs.into_iter().map(room).collect())
}
