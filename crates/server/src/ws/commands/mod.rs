//! What clients ask for over a socket, one action a file. All writes go through `ops`, as those of the REST door do.

mod delete_message;
mod edit_message;
mod focus;
mod mark_read;
mod react;
mod send_message;
mod typing;

use std::sync::Arc;

use charla_db::queries;
use charla_permissions::Permission;
use charla_protocol::{
    MessageId, RoomId,
    actions::{Action, ClientFrame},
    events::{Ack, Empty, Event},
    messages::Message,
};

use super::{
    connection::{Pending, ready_event},
    frame::{Origin, error_event, plain_ack},
    hub::Connection,
};
use crate::{
    App,
    auth::scopes,
    error::{Error, Result},
};

/// One action under way: where it came from, and how to answer it.
struct Context<'a> {
    app: &'a App,
    connection: &'a Arc<Connection>,
    room_id: Option<RoomId>,
    origin: Origin,
}

/// Starts an action. What it answers comes when it is done; actions of one socket on one room keep their order.
pub(super) async fn apply(
    app: &App,
    connection: &Arc<Connection>,
    frame: ClientFrame,
    origin: Origin,
) -> Option<Pending> {
    let own_room = connection.door.room();
    let context = Context { app, connection, room_id: own_room.or(frame.room_id), origin };
    if own_room.is_some() && frame.room_id.is_some_and(|room| own_room != Some(room)) {
        return context.fail(&Error::field("room_id", "another_socket"));
    }
    if let Err(error) = scopes::check_action(connection.scopes.as_deref(), &frame.action) {
        return context.fail(&error);
    }
    match frame.action {
        Action::SendMessage { content, message_type, reply_to_id, attachment_ids } => {
            let body = send_message::Body { content, message_type, reply_to_id, attachment_ids };
            send_message::apply(context, body).await
        }
        Action::Typing { is_typing } => typing::apply(context, is_typing).await,
        Action::MarkRead { message_ids } => mark_read::apply(context, message_ids).await,
        Action::EditMessage { message_id, content } => {
            edit_message::apply(context, message_id, content).await
        }
        Action::DeleteMessage { message_id } => delete_message::apply(context, message_id).await,
        Action::React { message_id, emoji } => react::apply(context, message_id, emoji, true).await,
        Action::Unreact { message_id, emoji } => react::apply(context, message_id, emoji, false).await,
        Action::Focus => focus::apply(context, frame.room_id).await,
        Action::Ping => Some(ready_event(Event::Pong(Empty {}))),
    }
}

impl Context<'_> {
    /// The room that is meant.
    fn room(&self) -> Result<RoomId> {
        self.room_id.ok_or_else(|| Error::field("room_id", "required"))
    }

    /// The room of a message: the one that is named, or the one it is in.
    async fn room_of(&self, message: MessageId) -> Result<RoomId> {
        match self.room_id {
            Some(room) => Ok(room),
            None => crate::ops::messages::room_of(self.app, message).await,
        }
    }

    fn fail(self, error: &Error) -> Option<Pending> {
        Some(ready_event(error_event(error, self.origin, self.connection.language)))
    }

    /// Acknowledges an action that concerned no message, where that was asked for.
    fn done(self) -> Option<Pending> {
        let now = self.app.clock.now();
        self.origin.client_id.map(|client_id| ready_event(plain_ack(client_id, now)))
    }

    /// Acknowledges a change of a message once it is committed, with the revision that it took.
    fn answer(
        self,
        committed: impl Future<Output = Result<Message>> + Send + 'static,
        revision: fn(&Message) -> i64,
    ) -> Option<Pending> {
        let (origin, language) = (self.origin, self.connection.language);
        Some(Box::pin(async move {
            match committed.await {
                Ok(message) => origin.client_id.map(|client_id| ack(client_id, &message, revision(&message))),
                Err(error) => Some(error_event(&error, origin, language)),
            }
        }))
    }

    /// Only who follows a room may act on it without its being looked up. Others learn whether there is such a room as
    /// far as they can see it.
    async fn followed_room(&self) -> Result<RoomId> {
        let room = self.room()?;
        if self.app.hub.follows(self.connection, room) {
            return Ok(room);
        }
        let access = queries::access::load(self.app.db.read(), room, self.connection.user, false).await?;
        access.check(Permission::ReadMessages)?;
        // Who has come into it a moment ago does not follow it yet.
        Err(Error::not_found())
    }
}

fn ack(client_id: String, message: &Message, revision: i64) -> Event {
    Event::Ack(Ack {
        client_id,
        id: Some(message.id),
        revision: Some(revision),
        created_at: message.created_at,
    })
}
