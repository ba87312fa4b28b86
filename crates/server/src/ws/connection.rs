//! One socket from `hello` to its end: one task, no timer of its own, no buffer while idle.

use std::{
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use charla_protocol::{
    ErrorCode, RoomId,
    events::{Event, ServerFrame},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};

use super::{
    commands,
    frame::{error_event, parse},
    hub::{Connection, Door},
    outbox::{Close, Wish, event},
    rate::{ActionRate, Verdict},
    socket::{Decoder, Frame, Incoming, Violation},
};
use crate::{App, error::Error, middleware::RequestId};

/// How long the other end may take to take a goodbye, and to answer it.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes of a client's message at most.
const MAX_MESSAGE: usize = 64 * 1024;
/// How a socket ends that sends more.
const TOO_LARGE: End = End::With(1009, "too large");
/// Actions of one socket under way at most; past that it is not read from.
const UNDER_WAY: usize = 64;

/// Answers an action when it is done.
pub(super) type Pending = BoxFuture<'static, Option<Event>>;
/// The same, with the room that the action named.
type Answer = BoxFuture<'static, Option<ServerFrame>>;

/// Why a socket ends.
enum End {
    /// The other end went away.
    Gone,
    /// The other end said goodbye, and is owed the same.
    Closed(Option<u16>),
    /// We end it, with a code.
    With(u16, &'static str),
}

/// What a socket has to do next.
enum Step {
    End(End),
    Answer(Option<ServerFrame>),
    /// Something has come in, or waits to be looked at.
    Hear,
}

/// Serves a socket until it ends. `handshake` is the request that it was.
pub(super) async fn run(
    app: App,
    connection: Arc<Connection>,
    decoder: Decoder,
    handshake: Option<RequestId>,
) {
    app.hub.register(&connection);
    let presence = Present { app, connection };
    // In memory of its own, which is given back before the long wait begins.
    match Box::pin(greet(&presence.app, &presence.connection)).await {
        Ok(hello) => {
            presence.connection.outbox.open(hello);
            // A task of its own, because this one has the size of its beginning.
            tokio::spawn(Socket::new(presence, decoder, handshake).run());
        }
        Err(end) => Socket::new(presence, decoder, handshake).end(end).await,
    }
}

/// A socket that the hub knows; it is taken out however its task ends.
struct Present {
    app: App,
    connection: Arc<Connection>,
}

impl Drop for Present {
    fn drop(&mut self) {
        set_focus(&self.app, &self.connection, None);
        if self.app.hub.unregister(&self.connection) {
            self.app.depart(self.connection.user);
        }
    }
}

/// A socket that has been greeted.
struct Socket {
    presence: Present,
    decoder: Decoder,
    handshake: Option<RequestId>,
    rate: ActionRate,
    /// None while nothing is asked for, which is mostly.
    under_way: Option<Box<FuturesUnordered<Answer>>>,
}

impl Socket {
    fn new(presence: Present, decoder: Decoder, handshake: Option<RequestId>) -> Self {
        Self { presence, decoder, handshake, rate: ActionRate::default(), under_way: None }
    }

    async fn run(mut self) {
        loop {
            let end = match std::future::poll_fn(|cx| self.poll_step(cx)).await {
                Step::Answer(answer) => {
                    self.reply(answer);
                    continue;
                }
                // In memory of its own: most sockets say nothing for most of the time.
                Step::Hear => match Box::pin(self.hear()).await {
                    Ok(()) => continue,
                    Err(end) => end,
                },
                Step::End(end) => end,
            };
            return Box::pin(self.end(end)).await;
        }
    }

    /// What ends the socket comes before what it still asks for.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        let outbox = &self.presence.connection.outbox;
        if let Poll::Ready(wish) = outbox.poll_wish(cx) {
            return Poll::Ready(Step::End(match wish {
                Wish::GiveUp => End::Gone,
                Wish::Close(close) => ended(close),
            }));
        }
        if let Some(under_way) = &mut self.under_way {
            match under_way.poll_next_unpin(cx) {
                Poll::Ready(Some(answer)) => return Poll::Ready(Step::Answer(answer)),
                Poll::Ready(None) => self.under_way = None,
                Poll::Pending if under_way.len() >= UNDER_WAY => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        if self.decoder.may_have_more() {
            return Poll::Ready(Step::Hear);
        }
        Poll::Ready(match ready!(outbox.line().poll_read(cx, &mut self.decoder)) {
            Ok(0) | Err(_) => Step::End(End::Gone),
            Ok(_) => Step::Hear,
        })
    }

    /// Puts an answer behind what waits for the socket.
    fn reply(&self, answer: Option<ServerFrame>) {
        if let Some(answer) = answer {
            self.log_failure(&answer.event);
            self.presence.connection.outbox.answer(event(answer));
        }
    }

    /// Where the server itself has failed: the log has the cause above. Mostly nothing fails, so that no span is kept ready for it.
    fn log_failure(&self, answer: &Event) {
        if let Event::Error(told) = answer
            && matches!(told.code, ErrorCode::Internal | ErrorCode::Unavailable)
        {
            let request = self.handshake.map(|RequestId(id)| tracing::field::display(id));
            tracing::error!(request, action = told.action, code = told.code.as_str(), "an action failed");
        }
    }

    /// Takes the next message, if all of it is there.
    async fn hear(&mut self) -> Result<(), End> {
        let Some(message) = self.decoder.next().map_err(violation)? else { return Ok(()) };
        let Present { app, connection } = &self.presence;
        connection.heard(app.clock.ticks());
        let mut room_id = connection.door.room();
        let pending = match message {
            Incoming::Text(text) if text.len() > MAX_MESSAGE => return Err(TOO_LARGE),
            Incoming::Binary(bytes) if bytes > MAX_MESSAGE => return Err(TOO_LARGE),
            Incoming::Text(text) => act(app, connection, &text, &mut self.rate, &mut room_id).await?,
            Incoming::Binary(_) => {
                app.hub.meter.asked(None);
                count(app, &mut self.rate)?;
                let error = Error::new(ErrorCode::MalformedFrame);
                Some(ready_event(error_event(&error, Default::default(), connection.language)))
            }
            Incoming::Ping(said) => {
                // Refused is none of them, but who floods us with them is let go.
                count(app, &mut self.rate)?;
                connection.outbox.answer(Frame::pong(&said));
                None
            }
            Incoming::Pong => None,
            Incoming::Close(code) => return Err(End::Closed(code)),
        };
        if let Some(pending) = pending {
            let answer = pending.map(move |event| event.map(|event| ServerFrame { room_id, event }));
            self.under_way.get_or_insert_default().push(answer.boxed());
        }
        Ok(())
    }

    /// Ends it. Whatever fails now, or takes too long: the other end is gone, and is owed nothing more.
    async fn end(self, end: End) {
        let Self { presence, mut decoder, .. } = self;
        let goodbye = match end {
            End::Gone => return,
            End::Closed(None) => Frame::close_without_code(),
            End::Closed(Some(code)) => Frame::close(code, ""),
            End::With(code, reason) => Frame::close(code, reason),
        };
        let owes_answer = matches!(end, End::With(..));
        let connection = presence.connection.clone();
        let said = async {
            let said = connection.outbox.finish(goodbye).await;
            // Until then the node waits for it, and it counts among those of its account.
            drop(presence);
            if said.is_ok() && owes_answer {
                hear_out(&connection, &mut decoder).await;
            }
        };
        tokio::time::timeout(CLOSE_TIMEOUT, said).await.ok();
    }
}

/// Reads until the other end says goodbye, or goes.
async fn hear_out(connection: &Connection, decoder: &mut Decoder) {
    loop {
        match decoder.next() {
            Ok(Some(Incoming::Close(_))) | Err(_) => return,
            Ok(Some(_)) => continue,
            Ok(None) => {}
        }
        let read = std::future::poll_fn(|cx| connection.outbox.line().poll_read(cx, decoder)).await;
        if !matches!(read, Ok(1..)) {
            return;
        }
    }
}

async fn greet(app: &App, connection: &Arc<Connection>) -> Result<Frame, End> {
    let greeting = tokio::select! {
        greeting = app.arrivals.greet(connection.clone()) => greeting,
        close = connection.outbox.closing() => return Err(ended(close)),
    };
    let hello = greeting.ok_or(End::With(1011, "try again"))?.map_err(ended)?;
    if let Door::Room(room) = connection.door {
        if hello.rooms.is_empty() {
            return Err(End::With(4403, "removed from the room"));
        }
        set_focus(app, connection, Some(room));
    }
    let room_id = connection.door.room();
    Ok(event(ServerFrame { room_id, event: Event::Hello(Box::new(hello)) }))
}

fn ended(close: Close) -> End {
    close.code().map_or(End::Gone, |(code, reason)| End::With(code, reason))
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
        Err(wrong) => {
            let (error, origin) = *wrong;
            app.hub.meter.asked(None);
            let error = refused.unwrap_or(error);
            return Ok(Some(ready_event(error_event(&error, origin, connection.language))));
        }
    };
    app.hub.meter.asked(Some(&frame.action));
    *room_id = room_id.or(frame.room_id);
    if let Some(error) = refused {
        return Ok(Some(ready_event(error_event(&error, origin, connection.language))));
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

pub(super) fn ready_event(event: Event) -> Pending {
    Box::pin(std::future::ready(Some(event)))
}

/// Only what breaks the protocol itself ends a socket.
fn violation(violation: Violation) -> End {
    match violation {
        Violation::TooLarge => TOO_LARGE,
        Violation::NotUtf8 => End::With(1007, "not UTF-8"),
        Violation::Protocol => End::With(1002, "protocol error"),
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
