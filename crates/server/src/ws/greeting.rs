//! What sockets are greeted with, many of them together.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::Arc,
};

use charla_db::{
    Result,
    queries::{self, rooms::Followed, unread::Readers},
    tables::{sessions, users},
};
use charla_protocol::{
    RoomId, SessionId, UserId,
    events::{Hello, RoomRevision},
};

use super::{arrivals::Greeting, hub::Connection, outbox::Close, wheel::HEARTBEAT_S};
use crate::{App, delivery::privacy, ops::users::me};

/// Sockets of one kind of door: whose they are, and which room of theirs they are for.
struct Callers {
    people: Vec<UserId>,
    rooms: BTreeSet<(RoomId, UserId)>,
}

impl Callers {
    fn of(connections: &[Arc<Connection>]) -> Self {
        let people: BTreeSet<UserId> = connections.iter().map(|connection| connection.user).collect();
        let room_of = |connection: &Arc<Connection>| Some((connection.door.room()?, connection.user));
        Self { people: people.into_iter().collect(), rooms: connections.iter().filter_map(room_of).collect() }
    }

    fn readers(&self) -> Readers<'_> {
        if self.rooms.is_empty() { Readers::Everywhere(&self.people) } else { Readers::Members(&self.rooms) }
    }
}

/// Subscribes first, on the other nodes too, then says hello with the revisions: whatever happens in between is in the outbox, or in
/// `changes`. All of the sockets came through the same kind of door.
pub(super) async fn greet(app: App, connections: Vec<Arc<Connection>>) -> Result<Vec<Greeting>> {
    let db = app.db.read();
    let callers = Callers::of(&connections);
    app.arrive(&callers.people).await;
    let followed = queries::rooms::followed(db, callers.readers()).await?;
    let followed = grouped(followed.into_iter().map(|followed| (followed.user, followed)));
    // Blocks and choices that come meanwhile are told to the accounts, whose sockets these are already: they count more.
    let parted = grouped(queries::blocks::parted_of_many(db, &callers.people).await?);
    for connection in &connections {
        connection.found_parted(parted.get(&connection.user).into_iter().flatten().copied());
        for followed in through(&followed, connection) {
            app.hub.found_in(connection, followed);
        }
    }
    app.hub.settled().await;
    let ids: Vec<SessionId> = connections.iter().map(|connection| connection.session).collect();
    let found = queries::sessions::find_all(db, &ids).await?;
    let revisions = grouped(queries::rooms::revisions(db, callers.readers()).await?);
    let mut greetings = Vec::with_capacity(connections.len());
    for connection in &connections {
        greetings.push(match user(&app, found.get(&connection.session)) {
            Ok(user) => {
                let rooms = through(&revisions, connection).copied().collect();
                let hello = hello(&app, connection, user, rooms).await?;
                // Who was removed meanwhile must not go on listening.
                let is_left = |room: RoomId| !hello.rooms.iter().any(|known| known.id == room);
                for gone in through(&followed, connection).filter(|followed| is_left(followed.room)) {
                    app.hub.unfollow(connection, gone.room);
                }
                connection.was_greeted();
                Ok(hello)
            }
            Err(close) => Err(close),
        });
    }
    Ok(greetings)
}

/// What leads to a room of somebody's.
trait InRoom {
    fn room(&self) -> RoomId;
}

impl InRoom for Followed {
    fn room(&self) -> RoomId {
        self.room
    }
}

impl InRoom for RoomRevision {
    fn room(&self) -> RoomId {
        self.id
    }
}

/// Those of a person's rooms to which the socket's door leads.
fn through<'a, T: InRoom>(
    of: &'a HashMap<UserId, Vec<T>>,
    connection: &Connection,
) -> impl Iterator<Item = &'a T> {
    let door = connection.door;
    let all = of.get(&connection.user).into_iter().flatten();
    all.filter(move |one| door.room().is_none_or(|room| room == one.room()))
}

fn grouped<K: Eq + Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

/// A session may end or expire, and an account lose its verified address, between the handshake and the moment the hub knows the
/// socket; what comes later reaches it by the hub.
fn user<'a>(
    app: &App,
    found: Option<&'a (sessions::Model, users::Model)>,
) -> std::result::Result<&'a users::Model, Close> {
    match found {
        Some((session, user)) if session.is_live(app.clock.now()) && user.is_active => {
            if app.post.rules.hold(user) { Err(Close::Unverified) } else { Ok(user) }
        }
        _ => Err(Close::SessionEnded),
    }
}

async fn hello(
    app: &App,
    connection: &Arc<Connection>,
    user: &users::Model,
    rooms: Vec<RoomRevision>,
) -> Result<Hello> {
    connection.found_to_share(privacy(user));
    let mut hello =
        Hello { user: me(app, user), server_time: app.clock.now(), heartbeat_s: HEARTBEAT_S, rooms };
    follow_beyond(app, connection, &mut hello).await?;
    for room in &hello.rooms {
        app.hub.know(room.id, room.revision);
    }
    Ok(hello)
}

/// Another node may have added the person to rooms, and told that before it could be heard here.
async fn follow_beyond(app: &App, connection: &Arc<Connection>, hello: &mut Hello) -> Result<()> {
    let is_followed = |room: RoomId| app.hub.follows(connection, room);
    if hello.rooms.iter().all(|room| is_followed(room.id)) {
        return Ok(());
    }
    let callers = Callers::of(std::slice::from_ref(connection));
    for followed in queries::rooms::followed(app.db.read(), callers.readers()).await? {
        if !is_followed(followed.room) {
            app.hub.found_in(connection, &followed);
            app.hub.doubt_here(followed.room);
        }
    }
    hello.rooms.retain(|room| is_followed(room.id));
    Ok(())
}
