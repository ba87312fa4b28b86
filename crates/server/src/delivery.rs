//! Tells what has been committed: turns notices into events, encodes each once, and sends it on its way.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use charla_broker::{Audience, Delivery, Listener, Privacy, Topic};
use charla_db::{Notice, Pair, briefly, persistently, queries, tables::users};
use charla_protocol::{
    RoomId, UserId,
    events::{Event, MessagesRead, Reacted, RoomRemoved, ServerFrame},
    messages::{Message, SystemEventKind},
    users::Language,
};
use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::{App, ops, wording::Wording};

/// Tells one lane's notices, in its order, until the lane ends.
pub async fn run(app: App, mut notices: mpsc::Receiver<Vec<Notice>>) {
    while let Some(notices) = notices.recv().await {
        // A defect in telling one change must not end the telling of all others: clients find it by catching up.
        if AssertUnwindSafe(app.tell(notices)).catch_unwind().await.is_err() {
            tracing::error!("telling a change panicked");
        }
    }
}

impl App {
    /// Tells these notices, one after the other. What can't be told is logged, and looked for: in the database, or by clients that
    /// catch up.
    pub async fn tell(&self, notices: Vec<Notice>) {
        let _more = (notices.len() > 1).then(|| self.hub.tell_more());
        for notice in notices {
            let room = notice.room();
            if let Some(room) = notice.timeline() {
                self.indexing.note(room);
            }
            if let Err(error) = tell(self, notice).await {
                tracing::error!(%error, "a change could not be told");
                self.hub.doubt(room);
            }
        }
    }

    /// Sends an event to the sockets of a room.
    pub fn send_to_room(&self, room: RoomId, event: Event, audience: Audience, except: Option<UserId>) {
        let text = encode(ServerFrame::room(room, event));
        let delivery = Delivery::Frame { text, audience, except, by: None };
        self.hub.send(Topic::Room(room), &delivery);
    }

    /// Sends what somebody does in a room to its sockets, but for their own and those of people whom a block parts from them.
    pub fn send_doing(&self, room: RoomId, event: Event, audience: Audience, by: UserId) {
        let text = encode(ServerFrame::room(room, event));
        let delivery = Delivery::Frame { text, audience, except: Some(by), by: Some(by) };
        self.hub.send(Topic::Room(room), &delivery);
    }

    /// Sends a new message to those who can see it.
    fn send_message(&self, message: Box<Message>) {
        let (room, removes) = (message.room, removed_by(&message));
        self.hub.send(Topic::Room(room), &change(message, Event::Message, removes));
    }

    /// Sends a change of a message to those who can see it.
    fn send_change(&self, message: Box<Message>, event: impl Fn(Box<Message>) -> Event) {
        self.hub.send(Topic::Room(message.room), &change(message, event, None));
    }

    /// Sends an event to the account-wide sockets of a person.
    pub fn send_to_user(&self, user: UserId, room: Option<RoomId>, event: Event) {
        let text = encode(ServerFrame { room_id: room, event });
        let delivery = Delivery::Frame { text, audience: Audience::All, except: None, by: None };
        self.hub.send(Topic::User(user), &delivery);
    }

    pub(crate) fn pass(&self, reach: Reach, topic: Topic, delivery: &Delivery) {
        match reach {
            Reach::Everywhere => self.hub.send(topic, delivery),
            Reach::Here => self.hub.deliver(topic, delivery),
        }
    }
}

/// Whose sockets are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Everywhere,
    /// Those of this node.
    Here,
}

/// A change of a timeline: the event, and the same without how many have read the message, for those who keep their receipts to
/// themselves.
fn change(message: Box<Message>, event: impl Fn(Box<Message>) -> Event, removes: Option<UserId>) -> Delivery {
    let (room, seq, revision) = (message.room, message.seq, message.revision);
    let encoded = |message| encode(ServerFrame::room(room, event(message)));
    let keeping = (message.read_by_count > 0)
        .then(|| encoded(Box::new(Message { read_by_count: 0, ..(*message).clone() })));
    Delivery::Change { revision, seq, text: encoded(message), keeping, removes }
}

/// Whom the room has lost, by the message that says so.
pub(crate) fn removed_by(message: &Message) -> Option<UserId> {
    let system = message.system.as_ref()?;
    let has_gone = matches!(system.event, SystemEventKind::MemberLeft | SystemEventKind::MemberRemoved);
    has_gone.then(|| system.user.as_ref().map_or(message.sender.id, |user| user.id))
}

/// The change that makes a message known as it now stands, to those who have been told all up to the revision `told`.
pub(crate) fn as_it_stands(message: Box<Message>, told: i64) -> Delivery {
    let event = match &*message {
        message if message.seq > told => Event::Message,
        message if message.is_deleted => Event::MessageDeleted,
        _ => Event::MessageEdited,
    };
    change(message, event, None)
}

/// Makes a person's sockets follow a room no longer, and tells them.
pub(crate) fn room_removed(room_id: RoomId, revision: Option<i64>) -> Delivery {
    let text = encode(ServerFrame::room(room_id, Event::RoomRemoved(RoomRemoved { id: room_id })));
    Delivery::RoomRemoved { room_id, revision, text }
}

/// The text of a frame: the same for all its receivers, so that what the server says in it is in English.
pub fn encode(mut frame: ServerFrame) -> Bytes {
    frame.event.word(Language::En);
    // Of our own types only: none has a map with keys that are no strings, which is what could fail.
    serde_json::to_vec(&frame).map(Bytes::from).unwrap_or_default()
}

async fn tell(app: &App, notice: Notice) -> charla_db::Result<()> {
    match notice {
        Notice::Message(message) => app.send_message(message),
        Notice::MessageEdited(message) => app.send_change(message, Event::MessageEdited),
        Notice::MessageDeleted(message) => app.send_change(message, Event::MessageDeleted),
        Notice::Reaction { message, changed } => app.send_change(message, |message| {
            Event::Reaction(Box::new(Reacted { message: *message, changed: changed.clone() }))
        }),
        Notice::MessagesRead { room_id, user_id, username, up_to, seq, read_at } => {
            let event = Event::MessagesRead(MessagesRead { user_id, username, up_to, seq, read_at });
            let text = encode(ServerFrame::room(room_id, event));
            let (audience, by) = (Audience::Sharing, Some(user_id));
            let delivery = Delivery::Frame { text, audience, except: None, by };
            app.hub.send(Topic::Room(room_id), &delivery);
        }
        Notice::ReadState { user_id, state } => {
            app.send_to_user(user_id, Some(state.room_id), Event::ReadState(state));
        }
        Notice::Draft { user_id, draft } => {
            app.send_to_user(user_id, Some(draft.room), Event::Draft(draft));
        }
        Notice::RoomUpdated(room) => persistently(|| tell_room_updated(app, room)).await?,
        Notice::RoomAdded { people, room_id } => {
            persistently(|| tell_room_added(app, &people, room_id, Reach::Everywhere)).await?;
        }
        Notice::RoomRemoved { user_id, room_id } => {
            let told = briefly(tell_room_removed(app, user_id, room_id)).await;
            if told.is_err() {
                // Nobody goes on listening because the database can't be asked. Who is there again is found to be.
                app.hub.send(Topic::User(user_id), &room_removed(room_id, None));
            }
            told?;
        }
        Notice::Doubt(room) => {
            app.hub.send(Topic::Room(room), &Delivery::Doubt);
        }
        Notice::Privacy(user) => persistently(|| tell_privacy(app, user)).await?,
        Notice::SessionsEnded(sessions) => app.hub.send(Topic::Nodes, &Delivery::SessionsEnded(sessions)),
        Notice::Held(user) => app.hub.send(Topic::User(user), &Delivery::Held),
        Notice::ProfileUpdated(user) => persistently(|| tell_profile(app, user)).await?,
        Notice::FriendRequest(request) => {
            let both = [request.sender.id, request.receiver.id];
            for user in both {
                app.send_to_user(user, None, Event::FriendRequest(request.clone()));
            }
        }
        Notice::Friendship { viewer, person } => {
            persistently(|| tell_friendship(app, viewer, person)).await?;
        }
        Notice::Parted { room_id, people, are_parted } => {
            persistently(|| tell_parted(app, people)).await?;
            if let Some(room) = room_id {
                persistently(|| app.tell_parted(room, people, are_parted)).await?;
            }
        }
    }
    Ok(())
}

/// The same bytes for everybody: what depends on the viewer is null.
async fn tell_room_updated(app: &App, room_id: RoomId) -> charla_db::Result<()> {
    let db = app.db.read();
    let Some(room) = queries::rooms::find(db, room_id).await? else { return Ok(()) };
    for room in queries::rooms::wire(db, None, vec![(room, None)]).await? {
        app.send_to_room(room_id, Event::RoomUpdated(Box::new(room)), Audience::Account, None);
    }
    Ok(())
}

/// Tells accounts that they are in the room, and then looks again: what changed between reading the room and following it
/// has been told to nobody here. However many they are, it takes as many queries as one: the lane's events wait behind them.
pub(crate) async fn tell_room_added(
    app: &App,
    people: &[UserId],
    room_id: RoomId,
    reach: Reach,
) -> charla_db::Result<()> {
    let Some((revision, told)) = follow_room(app, people, room_id, reach).await? else { return Ok(()) };
    let db = app.db.read();
    let Some(room) = queries::rooms::find(db, room_id).await? else { return Ok(()) };
    let present = queries::members::present(db, room_id, &told).await?;
    for person in told.into_iter().filter(|person| !present.contains(person)) {
        app.pass(reach, Topic::User(person), &room_removed(room_id, Some(room.revision)));
    }
    if room.revision != revision {
        follow_room(app, &present, room_id, reach).await?;
    }
    Ok(())
}

/// Tells an account that it is no longer in the room. The revision is read before that: what was told of a later one counts more.
/// Who is there again is told from where: what was written while they were out, and is about to be told, may be hidden from them.
async fn tell_room_removed(app: &App, user_id: UserId, room_id: RoomId) -> charla_db::Result<()> {
    let db = app.db.read();
    let revision = queries::rooms::find(db, room_id).await?.map(|room| room.revision);
    if queries::members::present(db, room_id, &[user_id]).await?.is_empty() {
        app.hub.send(Topic::User(user_id), &room_removed(room_id, revision));
        return Ok(());
    }
    tell_room_added(app, &[user_id], room_id, Reach::Everywhere).await
}

/// Makes the sockets of those of the people who are in the room follow it. Gives the revision they were told, and who they are.
async fn follow_room(
    app: &App,
    people: &[UserId],
    room_id: RoomId,
    reach: Reach,
) -> charla_db::Result<Option<(i64, Vec<UserId>)>> {
    let db = app.db.read();
    let Some(room) = queries::rooms::find(db, room_id).await? else { return Ok(None) };
    let members = queries::members::with_accounts(db, room_id, people).await?;
    if members.is_empty() {
        return Ok(None);
    }
    let views = queries::rooms::wire_for_each(db, &room, &members).await?;
    for ((member, user), view) in members.iter().zip(views) {
        let text = encode(ServerFrame::room(room_id, Event::RoomAdded(Box::new(view))));
        let (hidden_seq, revision) = (member.hidden_seq, room.revision);
        let delivery = Delivery::RoomAdded { room_id, hidden_seq, revision, text };
        app.pass(reach, Topic::User(user.user_id()), &delivery);
    }
    let told = members.iter().map(|(_, user)| user.user_id()).collect();
    Ok(Some((room.revision, told)))
}

/// What stands in the database when it is told is what holds: changes that follow each other are told in order.
async fn tell_privacy(app: &App, user_id: UserId) -> charla_db::Result<()> {
    let _turn = app.telling_privacy.lock().await;
    if let Some(user) = queries::users::find(app.db.read(), user_id).await? {
        app.hub.send(Topic::User(user_id), &Delivery::Privacy(privacy(&user)));
    }
    Ok(())
}

/// What an account shares of itself.
pub fn privacy(user: &users::Model) -> Privacy {
    Privacy { receipts: user.send_read_receipts, presence: user.show_last_seen }
}

/// The same for a block between two people: their sockets are told what stands in the database.
async fn tell_parted(app: &App, people: Pair) -> charla_db::Result<()> {
    let _turn = app.telling_privacy.lock().await;
    let are_parted = queries::blocks::are_parted(app.db.read(), people.low, people.high).await?;
    for (user, from) in [(people.low, people.high), (people.high, people.low)] {
        app.hub.send(Topic::User(user), &Delivery::Parted { from, are_parted });
    }
    Ok(())
}

async fn tell_profile(app: &App, user_id: UserId) -> charla_db::Result<()> {
    let db = app.db.read();
    let Some(user) = queries::users::find(db, user_id).await? else { return Ok(()) };
    let event = Event::ProfileUpdated(user.summary());
    app.send_to_user(user_id, None, event.clone());
    let friends = queries::friendships::all(db, user_id).await?;
    let friends = friends.iter().map(users::Model::user_id).collect();
    let rooms = queries::rooms::ids_of_user(db, user_id).await?;
    let text = encode(ServerFrame { room_id: None, event });
    app.hub.send(Topic::Nodes, &Delivery::Acquaintances { friends, rooms, except: user_id, text });
    Ok(())
}

/// What they have with each other is read anew, so that whatever is told last is what holds.
async fn tell_friendship(app: &App, viewer: UserId, person: UserId) -> charla_db::Result<()> {
    let db = app.db.read();
    let both = (queries::users::find(db, viewer).await?, queries::users::find(db, person).await?);
    let (Some(row), Some(person)) = both else { return Ok(()) };
    let person = ops::users::seen_by(app, &row, &person).await?;
    app.send_to_user(viewer, None, Event::Friendship(Box::new(person)));
    Ok(())
}
