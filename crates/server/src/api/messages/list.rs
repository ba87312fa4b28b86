//! Reading messages.

use axum::{Json, extract::State};
use charla_db::{queries, tables::users::Receipts};
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
    /// Where the page begins: taken from `next`.
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
) -> Result<Json<List<Message>>> {
    let limit = page::limit(filter.limit)?;
    let before = page::read_cursor::<MessageId>(filter.cursor.as_deref())?;
    let db = app.db.read();
    if let Some(room) = filter.room {
        let access = queries::access::load(db, room, caller.id(), caller.user.is_staff).await?;
        access.check(charla_permissions::Permission::ReadMessages)?;
    }
    let (rows, more) = queries::messages::of_user(db, caller.id(), filter.room, before, limit).await?;
    let next = rows.last().filter(|_| more).map(|row| row.message_id());
    let mut parameters = vec![("limit", limit.to_string())];
    parameters.extend(filter.room.map(|room| ("room", room.to_string())));
    let messages = queries::assemble::messages(db, rows, caller.user.receipts()).await?;
    Ok(Json(page::list(&client, MESSAGES, messages, next.as_ref(), parameters)))
}

/// One message.
#[utoipa::path(get, operation_id = "get_message", path = "/api/v1/chat/messages/{id}/", tag = "messages", params(("id" = MessageId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Message), Missing))]
pub(super) async fn get(State(app): State<App>, reader: MessageReader) -> Result<Json<Message>> {
    let receipts = reader.caller.user.receipts();
    let messages = queries::assemble::messages(app.db.read(), vec![reader.row], receipts).await?;
    messages.into_iter().next().map(Json).ok_or_else(Error::not_found)
}

/// The messages that answer this one, oldest first.
#[utoipa::path(get, operation_id = "list_replies", path = "/api/v1/chat/messages/{id}/replies/", tag = "messages", params(("id" = MessageId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Message>), Missing))]
pub(super) async fn replies(
    State(app): State<App>,
    reader: MessageReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Message>>> {
    let limit = page::limit(paging.limit)?;
    let after = page::read_cursor::<i64>(paging.cursor.as_deref())?.unwrap_or(0);
    let db = app.db.read();
    let hidden = reader.access.hidden_seq();
    let (rows, more) = queries::messages::replies(db, &reader.row, hidden, after, limit).await?;
    let next = rows.last().filter(|_| more).map(|row| row.seq);
    let path = format!("{MESSAGES}{}/replies/", reader.row.id);
    let messages = queries::assemble::messages(db, rows, reader.caller.user.receipts()).await?;
    Ok(Json(page::list(&client, &path, messages, next.as_ref(), vec![("limit", limit.to_string())])))
}

/// Who has read the message, and when, the first reader first. Nobody, to who keeps their own receipts to themselves.
#[utoipa::path(get, operation_id = "list_reads", path = "/api/v1/chat/messages/{id}/reads/", tag = "messages", params(("id" = MessageId, Path), Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<MessageRead>), Missing))]
pub(super) async fn reads(
    State(app): State<App>,
    reader: MessageReader,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<MessageRead>>> {
    let limit = page::limit(paging.limit)?;
    let after = page::read_cursor::<(i64, UserId)>(paging.cursor.as_deref())?;
    let (reads, more) = match reader.caller.user.receipts() {
        Receipts::Shared => queries::reads::readers(app.db.read(), &reader.row, after, limit).await?,
        Receipts::Kept => Default::default(),
    };
    let next = reads.last().filter(|_| more).map(|read| (read.read_at.millis(), read.user.id));
    let path = format!("{MESSAGES}{}/reads/", reader.row.id);
    Ok(Json(page::list(&client, &path, reads, next.as_ref(), vec![("limit", limit.to_string())])))
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
    let limit = page::limit(paging.limit)?;
    let after = page::read_cursor::<i64>(paging.cursor.as_deref())?.unwrap_or(0);
    let id = reader.row.message_id();
    let (rows, more) = queries::messages::versions(app.db.read(), id, after, limit).await?;
    let next = rows.last().filter(|_| more).map(|row| row.replaced_by);
    let versions = rows.into_iter().map(|row| MessageVersion {
        content: row.content,
        created_at: Timestamp::from_millis(row.created_at),
    });
    let path = format!("{MESSAGES}{id}/history/");
    let parameters = vec![("limit", limit.to_string())];
    Ok(Json(page::list(&client, &path, versions.collect(), next.as_ref(), parameters)))
}
