//! One socket from `hello` to its end: one task, no timer of its own, no buffer while idle.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use charla_db::{in_time, queries};
use charla_protocol::{
    RoomId,
    events::{Empty, Event, Hello, ServerFrame},
};
use futures_util::{
    FutureExt, SinkExt, StreamExt,
    future::BoxFuture,
    stream::{FuturesUnordered, SplitSink, SplitStream},
};
use tungstenite::error::CapacityError;

use super::{
    commands,
    frame::{error_event, parse},
    hub::{Connection, Door},
    outbox::{Close, Taken},
    rate::{ActionRate, Verdict},
    wheel::HEARTBEAT_S,
};
use crate::{
    App,
    delivery::{encode, privacy},
    error::Error,
    ops::users::me,
};

/// How long a write may hang before the other end counts as gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the other end may take to answer a close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes of a client's frame at most.
const MAX_FRAME: usize = 64 * 1024;
/// How a socket ends that sends more.
const TOO_LARGE: End = End::With(1009, "too large");
/// Actions of one socket under way at most; past that it is not read from.
const UNDER_WAY: usize = 64;

type Sink = SplitSink<WebSocket, Message>;
type Stream = SplitStream<WebSocket>;

/// Answers an action when it is done.
pub(super) type Pending = BoxFuture<'static, Option<Event>>;
/// The same, with the room that the action named.
type Answer = BoxFuture<'static, Option<ServerFrame>>;

/// Why a socket ends.
enum End {
    /// The other end went away.
    Gone,
    /// The other end said goodbye, and is owed the same.
    Closed,
    /// We end it, with a code.
    With(u16, &'static str),
}

/// Serves a socket until it ends.
pub(super) async fn run(app: App, socket: WebSocket, connection: Arc<Connection>) {
    app.hub.register(&connection);
    let presence = Present { app: &app, connection: &connection };
    let (mut sink, mut stream) = socket.split();
    let begun = match greet_in_turn(&app, &connection).await {
        Ok(hello) => written(sink.send(hello)).await,
        Err(end) => Err(end),
    };
    let end = match begun {
        Ok(()) => serve(&app, &connection, &mut sink, &mut stream).await,
        Err(end) => end,
    };
    drop(presence);
    // Whatever fails now, or takes too long: the other end is gone, and is owed nothing more.
    tokio::time::timeout(CLOSE_TIMEOUT, say_goodbye(&mut sink, &mut stream, end)).await.ok();
}

async fn say_goodbye(sink: &mut Sink, stream: &mut Stream, end: End) {
    let close = match end {
        End::Gone => return,
        End::Closed => return drop(sink.close().await),
        End::With(code, reason) => Message::Close(Some(CloseFrame { code, reason: reason.into() })),
    };
    if sink.send(close).await.is_ok() {
        while let Some(Ok(_)) = stream.next().await {}
    }
}

/// A socket that the hub knows; it is taken out however its task ends.
struct Present<'a> {
    app: &'a App,
    connection: &'a Arc<Connection>,
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        set_focus(self.app, self.connection, None);
        if self.app.hub.unregister(self.connection) {
            self.app.depart(self.connection.user);
        }
    }
}

/// When many come at once, the others wait without holding anything: who asks for a page meanwhile finds the database free.
async fn greet_in_turn(app: &App, connection: &Arc<Connection>) -> Result<Message, End> {
    let _turn = tokio::select! {
        turn = app.hub.turn_to_come_in() => turn,
        () = closing(connection) => return Err(ended(connection.outbox.closing())),
    };
    app.arrive(connection.user).await;
    greet(app, connection).await
}

async fn greet(app: &App, connection: &Arc<Connection>) -> Result<Message, End> {
    let (hello, refusal) = in_time(prepare(app, connection)).await.map_err(|error| {
        tracing::error!(%error, "a socket could not be greeted");
        End::With(1011, "try again")
    })?;
    if let Some(close) = refusal {
        return Err(ended(Some(close)));
    }
    if let Door::Room(room) = connection.door {
        if hello.rooms.is_empty() {
            return Err(End::With(4403, "removed from the room"));
        }
        set_focus(app, connection, Some(room));
    }
    let room_id = connection.door.room();
    let frame = encode(ServerFrame { room_id, event: Event::Hello(Box::new(hello)) });
    axum::extract::ws::Utf8Bytes::try_from(frame).map(Message::Text).map_err(|_| End::Gone)
}

fn ended(close: Option<Close>) -> End {
    close.and_then(Close::code).map_or(End::Gone, |(code, reason)| End::With(code, reason))
}

/// Subscribes first, on the other nodes too, then says hello with the revisions: whatever happens in between is in the outbox, or in
/// `changes`.
async fn prepare(app: &App, connection: &Arc<Connection>) -> charla_db::Result<(Hello, Option<Close>)> {
    let db = app.db.read();
    let only = connection.door.room();
    let rooms = queries::rooms::followed(db, connection.user, only).await?;
    // Blocks and choices that come meanwhile are told to the account, whose socket this is already: they count more.
    connection.found_parted(queries::blocks::all_parted(db, connection.user).await?);
    for (room, hidden_seq, revision) in &rooms {
        app.hub.follow(connection, *room, *hidden_seq, *revision);
    }
    app.hub.settled().await;
    let mut hello = hello(app, connection).await?;
    follow_beyond(app, connection, &mut hello).await?;
    // Who was removed meanwhile must not go on listening.
    for (room, ..) in rooms.iter().filter(|(room, ..)| !hello.rooms.iter().any(|known| known.id == *room)) {
        app.hub.unfollow(connection, *room);
    }
    for room in &hello.rooms {
        app.hub.know(room.id, room.revision);
    }
    connection.was_greeted();
    Ok((hello, refusal(app, connection).await?))
}

/// Another node may have added the person to rooms, and told that before it could be heard here.
async fn follow_beyond(app: &App, connection: &Arc<Connection>, hello: &mut Hello) -> charla_db::Result<()> {
    let is_followed = |room: RoomId| app.hub.follows(connection, room);
    if hello.rooms.iter().all(|room| is_followed(room.id)) {
        return Ok(());
    }
    let rooms = queries::rooms::followed(app.db.read(), connection.user, connection.door.room()).await?;
    for (room, hidden_seq, revision) in rooms.into_iter().filter(|(room, ..)| !is_followed(*room)) {
        app.hub.follow(connection, room, hidden_seq, revision);
        app.hub.doubt_here(room);
    }
    hello.rooms.retain(|room| is_followed(room.id));
    Ok(())
}

/// A session may end or expire, and an account lose its verified address, between the handshake and the moment the hub knows the
/// socket; what comes later reaches it by the hub.
async fn refusal(app: &App, connection: &Connection) -> charla_db::Result<Option<Close>> {
    let session = queries::sessions::find(app.db.read(), connection.session).await?;
    let now = app.clock.now();
    Ok(match session {
        Some((session, user)) if session.is_live(now) && user.is_active => {
            app.post.rules.hold(&user).then_some(Close::Unverified)
        }
        _ => Some(Close::SessionEnded),
    })
}

async fn hello(app: &App, connection: &Connection) -> charla_db::Result<Hello> {
    let db = app.db.read();
    let only = connection.door.room();
    let user = queries::users::find(db, connection.user).await?.ok_or(charla_db::Error::NotFound)?;
    connection.found_to_share(privacy(&user));
    Ok(Hello {
        user: me(app, &user),
        server_time: app.clock.now(),
        heartbeat_s: HEARTBEAT_S,
        rooms: queries::rooms::revisions(db, connection.user, only).await?,
    })
}

async fn serve(app: &App, connection: &Arc<Connection>, sink: &mut Sink, stream: &mut Stream) -> End {
    let mut under_way: FuturesUnordered<Answer> = FuturesUnordered::new();
    let mut rate = ActionRate::default();
    loop {
        let step = tokio::select! {
            // What ends the socket comes before what it still asks for.
            biased;
            taken = connection.outbox.take() => write(connection, sink, taken).await,
            Some(frame) = under_way.next() => { reply(connection, frame); Ok(()) }
            frame = stream.next(), if under_way.len() < UNDER_WAY => {
                read(app, connection, frame, &mut rate, &mut under_way).await
            }
        };
        if let Err(end) = step {
            return end;
        }
    }
}

/// Puts an answer behind what waits for the socket.
fn reply(connection: &Connection, frame: Option<ServerFrame>) {
    let Some(frame) = frame else { return };
    if let Ok(text) = axum::extract::ws::Utf8Bytes::try_from(encode(frame)) {
        connection.outbox.push(text);
    }
}

/// Writes all that waited, with one flush.
async fn write(connection: &Connection, sink: &mut Sink, taken: Taken) -> Result<(), End> {
    let close = taken.close;
    if close == Some(Close::Vanished) {
        // There is nobody to write to, and the kernel may have no room for it.
        return Err(End::Gone);
    }
    let result = tokio::select! {
        written = write_all(connection, sink, taken) => written,
        // A socket that is to end does not wait for a receiver that does not read.
        () = closing(connection), if close.is_none() => return Ok(()),
    };
    match (result, close.map(|close: Close| close.code())) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(Some((code, reason)))) => Err(End::With(code, reason)),
        _ => Err(End::Gone),
    }
}

async fn closing(connection: &Connection) {
    while connection.outbox.closing().is_none() {
        connection.outbox.added().await;
    }
}

/// A receiver may be slow, but each frame has to get on.
async fn write_all(connection: &Connection, sink: &mut Sink, taken: Taken) -> Result<(), End> {
    if taken.lost {
        let room_id = connection.door.room();
        let text = encode(ServerFrame { room_id, event: Event::Resync(Empty {}) });
        written(sink.feed(Message::text(String::from_utf8_lossy(&text).into_owned()))).await?;
    }
    for frame in taken.frames {
        written(sink.feed(Message::Text(frame))).await?;
    }
    if taken.ping {
        written(sink.feed(Message::Ping(bytes::Bytes::new()))).await?;
    }
    written(sink.flush()).await
}

async fn written(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    match tokio::time::timeout(WRITE_TIMEOUT, write).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}

async fn read(
    app: &App,
    connection: &Arc<Connection>,
    frame: Option<Result<Message, axum::Error>>,
    rate: &mut ActionRate,
    under_way: &mut FuturesUnordered<Answer>,
) -> Result<(), End> {
    let message = match frame {
        None => return Err(End::Gone),
        Some(Err(error)) => return Err(violation(error)),
        Some(Ok(message)) => message,
    };
    connection.heard(app.clock.ticks());
    let mut room_id = connection.door.room();
    let pending = match message {
        Message::Text(text) if text.len() > MAX_FRAME => return Err(TOO_LARGE),
        Message::Binary(bytes) if bytes.len() > MAX_FRAME => return Err(TOO_LARGE),
        Message::Text(text) => act(app, connection, &text, rate, &mut room_id).await?,
        Message::Binary(_) => {
            count(app, rate)?;
            let error = Error::new(charla_protocol::ErrorCode::MalformedFrame);
            Some(ready(error_event(&error, Default::default(), connection.language)))
        }
        Message::Ping(_) | Message::Pong(_) => None,
        Message::Close(_) => return Err(End::Closed),
    };
    under_way.extend(pending.map(|pending| -> Answer {
        Box::pin(pending.map(move |event| event.map(|event| ServerFrame { room_id, event })))
    }));
    Ok(())
}

async fn act(
    app: &App,
    connection: &Arc<Connection>,
    text: &str,
    rate: &mut ActionRate,
    room_id: &mut Option<RoomId>,
) -> Result<Option<Pending>, End> {
    let refused = count(app, rate)?;
    let (frame, origin) = match parse(text) {
        Ok(parsed) => parsed,
        Err((error, origin)) => {
            let error = refused.unwrap_or(error);
            return Ok(Some(ready(error_event(&error, origin, connection.language))));
        }
    };
    *room_id = room_id.or(frame.room_id);
    if let Some(error) = refused {
        return Ok(Some(ready(error_event(&error, origin, connection.language))));
    }
    Ok(commands::apply(app, connection, frame, origin).await)
}

/// Counts an action; gives the refusal where there are too many.
fn count(app: &App, rate: &mut ActionRate) -> Result<Option<Error>, End> {
    if !app.config.rate_limits {
        return Ok(None);
    }
    match rate.count(app.clock.ticks()) {
        Verdict::Pass => Ok(None),
        Verdict::Refuse(seconds) => Ok(Some(Error::too_many(seconds))),
        Verdict::Flood => Err(End::With(1008, "flood")),
    }
}

pub(super) fn ready(event: Event) -> Pending {
    Box::pin(std::future::ready(Some(event)))
}

/// Only what breaks the protocol itself ends a socket.
fn violation(error: axum::Error) -> End {
    let Ok(error) = error.into_inner().downcast::<tungstenite::Error>() else { return End::Gone };
    match *error {
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => TOO_LARGE,
        tungstenite::Error::Utf8(_) => End::With(1007, "not UTF-8"),
        tungstenite::Error::Protocol(_) => End::With(1002, "protocol error"),
        _ => End::Gone,
    }
}

/// Puts a room on the socket's screen, and tells who looks at the rooms left and entered.
pub(super) fn set_focus(app: &App, connection: &Connection, focus: Option<RoomId>) {
    let (left, entered) = app.hub.set_focus(connection, focus);
    let shows_it = connection.shared().presence;
    if let Some(room) = left {
        app.set_typing(room, connection.user, &connection.username, false);
    }
    if let Some(room) = left.filter(|_| shows_it) {
        app.hub.tell_looking(room, connection.looker(), false);
    }
    if let Some(room) = entered.filter(|_| shows_it) {
        app.hub.tell_looking(room, connection.looker(), true);
    }
}
