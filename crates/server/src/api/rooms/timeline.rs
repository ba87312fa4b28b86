//! A room's messages, and what changed since a revision.

use axum::extract::State;
use charla_db::{
    Db, Transaction,
    queries::{self, access::Access, listed::Listed, messages::Window},
};
use charla_permissions::Permission;
use charla_protocol::{
    MessageId, RoomId,
    messages::{Changes, Timeline},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{page, problems::Missing, room_access::RoomReader};
use crate::{
    App,
    auth::ClientInfo,
    error::{Error, Result},
    extract::Query,
    wording::Worded,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Place {
    /// Messages before this one.
    #[param(pattern = "^[0-9a-fA-F-]{36}$")]
    before: Option<String>,
    /// Messages after this one.
    #[param(pattern = "^[0-9a-fA-F-]{36}$")]
    after: Option<String>,
    /// Messages on both sides of this one, and itself; or `first_unread`.
    #[param(pattern = "^(first_unread|[0-9a-fA-F-]{36})$")]
    around: Option<String>,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// A page of the room's messages, the newest where no place is named; oldest to newest inside the page.
///
/// `next` leads to older messages, `previous` to newer ones.
#[utoipa::path(get, operation_id = "list_room_messages", path = "/api/v1/chat/rooms/{id}/messages/", tag = "rooms", params(("id" = RoomId, Path), Place), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Timeline), Missing))]
pub(super) async fn messages(
    State(app): State<App>,
    reader: RoomReader,
    client: ClientInfo,
    Query(place): Query<Place>,
) -> Result<Worded<Timeline>> {
    let limit = page::limit(place.limit)?;
    let window = window(&app, &reader.access, &place).await?;
    let db = app.db.snapshot().await?;
    let (room, hidden) = (reader.access.room_id(), reader.access.hidden_seq());
    let mut found = queries::messages::page(&db, room, hidden, window, limit).await?;
    leave_what_is_seen(&db, &reader, &mut found.rows).await?;
    let path = format!("/api/v1/chat/rooms/{room}/messages/");
    let neighbour = |name, id: Option<&MessageId>| {
        id.map(|id| page::address(&client, &path, &[(name, id.to_string()), ("limit", limit.to_string())]))
    };
    let oldest = found.rows.first().filter(|_| found.older).map(|listed| listed.row.message_id());
    let newest = found.rows.last().filter(|_| found.newer).map(|listed| listed.row.message_id());
    let results = queries::assemble::listed(&db, found.rows, reader.caller.user.viewer()).await?;
    Db::end(db).await?;
    Ok(Worded(Timeline {
        next: neighbour("before", oldest.as_ref()),
        previous: neighbour("after", newest.as_ref()),
        // Read before the messages: what comes in between, the client hears of again, and knows already.
        revision: reader.access.room.revision,
        results,
    }))
}

async fn window(app: &App, access: &Access, place: &Place) -> Result<Window> {
    match (&place.before, &place.after, &place.around) {
        (None, None, None) => Ok(Window::Newest),
        (Some(id), None, None) => Ok(Window::Before(seq_of(app, access, "before", id).await?)),
        (None, Some(id), None) => Ok(Window::After(seq_of(app, access, "after", id).await?)),
        (None, None, Some(first_unread)) if first_unread == "first_unread" => {
            let Some(member) = &access.member else { return Err(Error::not_found()) };
            let seq = queries::messages::first_unread(app.db.read(), member).await?;
            Ok(seq.map_or(Window::Newest, Window::Around))
        }
        (None, None, Some(id)) => Ok(Window::Around(seq_of(app, access, "around", id).await?)),
        (Some(_), _, _) => Err(Error::field("before", "invalid")),
        (None, Some(_), Some(_)) => Err(Error::field("after", "invalid")),
    }
}

async fn seq_of(app: &App, access: &Access, field: &'static str, id: &str) -> Result<i64> {
    let id: MessageId = id.parse().map_err(|_| Error::field(field, "invalid"))?;
    let row = queries::messages::find(app.db.read(), id).await?;
    row.filter(|row| row.room_id == access.room.id && row.seq > access.hidden_seq())
        .map(|row| row.seq)
        .ok_or_else(|| Error::field(field, "unknown_message"))
}

/// Where something came since the reader was seen to be a member, it is looked once more: they may have been removed, or be back.
async fn leave_what_is_seen(db: &Transaction, reader: &RoomReader, rows: &mut Vec<Listed>) -> Result<()> {
    let seen = reader.access.room.revision;
    if rows.iter().any(|listed| listed.row.revision > seen) {
        let user = &reader.caller.user;
        let room = reader.access.room_id();
        let access = queries::access::load(db, room, user.user_id(), user.is_staff).await?;
        access.check(Permission::ReadMessages)?;
        rows.retain(|listed| listed.row.seq > access.hidden_seq());
    }
    Ok(())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// The last revision that the client has applied.
    #[param(minimum = 0)]
    since: i64,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// Every message whose last change lies above `since`, in order of revision, as it now stands.
#[utoipa::path(get, operation_id = "list_room_changes", path = "/api/v1/chat/rooms/{id}/changes/", tag = "rooms", params(("id" = RoomId, Path), Since), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Changes), Missing))]
pub(super) async fn changes(
    State(app): State<App>,
    reader: RoomReader,
    client: ClientInfo,
    Query(Since { since, limit }): Query<Since>,
) -> Result<Worded<Changes>> {
    let limit = page::limit(limit)?;
    if since < 0 {
        return Err(Error::field("since", "invalid"));
    }
    let db = app.db.snapshot().await?;
    let (room, hidden) = (reader.access.room_id(), reader.access.hidden_seq());
    let (mut rows, more) = queries::messages::changes(&db, room, hidden, since, limit).await?;
    let last = rows.last().map_or(0, |listed| listed.row.revision);
    leave_what_is_seen(&db, &reader, &mut rows).await?;
    // The room's revision was read first, so on the last page all up to it has been seen, and maybe more.
    let revision = if more { last } else { last.max(reader.access.room.revision) };
    let path = format!("/api/v1/chat/rooms/{room}/changes/");
    let next = more.then(|| {
        page::address(&client, &path, &[("since", revision.to_string()), ("limit", limit.to_string())])
    });
    let results = queries::assemble::listed(&db, rows, reader.caller.user.viewer()).await?;
    Db::end(db).await?;
    Ok(Worded(Changes { results, revision, next }))
}
