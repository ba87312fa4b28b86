//! Reading messages.

use axum::{Json, extract::State};
use charla_db::{
    queries,
    tables::{messages, users::Receipts},
};
use charla_protocol::{
    List, MessageId, RoomId, Timestamp, UserId,
    messages::{Message, MessageRead, MessageVersion},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{
        page::{self, Paging},
        problems::Missing,
    },
    reader::MessageReader,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::Query,
    wording::Worded,
};

const MESSAGES: &str = "/api/v1/chat/messages/";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Of this room alone.
    room: Option<RoomId>,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// The messages of all rooms of the caller, newest first.
#[utoipa::path(get, operation_id = "list_messages", path = "/api/v1/chat/messages/", tag = "messages", params(Filter), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Message>), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(filter): Query<Filter>,
) -> Result<Worded<List<Message>>> {
    let ask = page::ask::<MessageId>(filter.limit, filter.cursor.as_deref())?;
    let mut parameters = vec![("limit", ask.limit.to_string())];
    parameters.extend(filter.room.map(|room| ("room", room.to_string())));
    let db = app.db.read();
    if let Some(room) = filter.room {
        let access = queries::access::load(db, room, caller.id(), caller.user.is_staff).await?;
        access.check(charla_permissions::Permission::ReadMessages)?;
    }
    let found = queries::messages::of_user(db, caller.id(), filter.room, ask).await?;
    let ends = found.ends(messages::Model::message_id);
    let messages = queries::assemble::messages(db, found.rows, caller.user.viewer()).await?;
    Ok(Worded(page::list(&client, MESSAGES, messages, ends, &parameters)))
}

/// One message.
#[utoipa::path(get, operation_id = "get_message", path = "/api/v1/chat/messages/{id}/", tag = "messages", params(("id" = MessageId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn get(State(app): State<App>, reader: MessageReader) -> Result<Worded<Message>> {
    let viewer = reader.caller.user.viewer();
    let messages = queries::assemble::messages(app.db.read(), vec![reader.row], viewer).await?;
    messages.into_iter().next().map(Worded).ok_or_else(Error::not_found)
}

/// The messages that answer this one, oldest first.
#[utoipa::path(get, operation_id = "list_replies", path = "/api/v1/chat/messages/{id}/replies/", tag = "messages", params(("id" = MessageId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Message>), Missing))]
pub(super) async fn replies(
    State(app): State<App>,
    reader: MessageReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Worded<List<Message>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let db = app.db.read();
    let found = queries::messages::replies(db, &reader.row, reader.access.hidden_seq(), ask).await?;
    let ends = found.ends(|row| row.seq);
    let path = format!("{MESSAGES}{}/replies/", reader.row.id);
    let messages = queries::assemble::messages(db, found.rows, reader.caller.user.viewer()).await?;
    Ok(Worded(page::list(&client, &path, messages, ends, &parameters)))
}

/// Who has read the message, and when, the first reader first, without whom a block parts from the caller. Nobody, to who keeps
/// their own receipts to themselves.
#[utoipa::path(get, operation_id = "list_reads", path = "/api/v1/chat/messages/{id}/reads/", tag = "messages", params(("id" = MessageId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<MessageRead>), Missing))]
pub(super) async fn reads(
    State(app): State<App>,
    reader: MessageReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<MessageRead>>> {
    let ask = paging.ask::<(i64, UserId)>()?;
    let parameters = [("limit", ask.limit.to_string())];
    let db = app.db.read();
    let found = match reader.caller.user.receipts() {
        Receipts::Shared => queries::reads::readers(db, &reader.row, reader.caller.id(), ask).await?,
        Receipts::Kept => Default::default(),
    };
    let ends = found.ends(|read| (read.read_at.millis(), read.user.id));
    let path = format!("{MESSAGES}{}/reads/", reader.row.id);
    Ok(Json(page::list(&client, &path, found.rows, ends, &parameters)))
}

/// What the message said before its edits, oldest first. A deleted message has no history.
#[utoipa::path(get, operation_id = "get_message_history", path = "/api/v1/chat/messages/{id}/history/", tag = "messages", params(("id" = MessageId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<MessageVersion>), Missing))]
pub(super) async fn history(
    State(app): State<App>,
    reader: MessageReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<MessageVersion>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let id = reader.row.message_id();
    let found = queries::messages::versions(app.db.read(), id, ask).await?;
    let ends = found.ends(|row| row.replaced_by);
    let versions = found.rows.into_iter().map(|row| MessageVersion {
        content: row.content,
        created_at: Timestamp::from_millis(row.created_at),
    });
    let path = format!("{MESSAGES}{id}/history/");
    Ok(Json(page::list(&client, &path, versions.collect(), ends, &parameters)))
}
