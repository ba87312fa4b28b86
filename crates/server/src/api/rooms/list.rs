//! Which rooms there are.

use axum::{Json, extract::State};
use charla_db::queries;
use charla_protocol::{List, RoomId, rooms::Room};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{
    page::{self, Paging},
    problems::Missing,
    room_access::RoomViewer,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::Query,
};

const ROOMS: &str = "/api/v1/chat/rooms/";
const PUBLIC: &str = "/api/v1/chat/rooms/public/";

/// The caller's rooms, latest activity first.
#[utoipa::path(get, operation_id = "list_rooms", path = "/api/v1/chat/rooms/", tag = "rooms", params(Paging), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Room>)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Room>>> {
    let limit = page::limit(paging.limit)?;
    let after = page::read_cursor::<(i64, RoomId)>(paging.cursor.as_deref())?;
    let db = app.db.read();
    let (rows, more) = queries::rooms::of_user(db, caller.id(), after, limit).await?;
    let next = rows.last().filter(|_| more).map(|(room, _)| (room.last_activity_at, RoomId(room.id)));
    let rooms = queries::rooms::wire(db, Some(&caller.user), rows).await?;
    Ok(Json(page::list(&client, ROOMS, rooms, next.as_ref(), vec![("limit", limit.to_string())])))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PublicSearch {
    /// Part of the name, without regard to case and accents.
    #[serde(default)]
    #[param(max_length = 100)]
    search: String,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page begins: taken from `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// Open public rooms, by name.
#[utoipa::path(get, operation_id = "list_public_rooms", path = "/api/v1/chat/rooms/public/", tag = "rooms", params(PublicSearch), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Room>)))]
pub(super) async fn public(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(search): Query<PublicSearch>,
) -> Result<Json<List<Room>>> {
    let limit = page::limit(search.limit)?;
    let after = page::read_cursor::<(String, RoomId)>(search.cursor.as_deref())?;
    if after.as_ref().is_some_and(|(name, _)| name.chars().any(char::is_control)) {
        return Err(Error::new(charla_protocol::ErrorCode::InvalidCursor));
    }
    let text = page::search_text(&search.search)?;
    let db = app.db.read();
    let (rows, more) = queries::rooms::public(db, &text, after, limit).await?;
    let next = rows.last().filter(|_| more).map(|room| (room.name_key.clone(), RoomId(room.id)));
    let mut members = queries::rooms::memberships(db, caller.id(), &rows).await?;
    let rows = rows
        .into_iter()
        .map(|room| {
            let member = members.remove(&room.id);
            (room, member)
        })
        .collect();
    let rooms = queries::rooms::wire(db, Some(&caller.user), rows).await?;
    let parameters = vec![("search", text), ("limit", limit.to_string())];
    Ok(Json(page::list(&client, PUBLIC, rooms, next.as_ref(), parameters)))
}

/// One room, to those who can see it.
#[utoipa::path(get, operation_id = "get_room", path = "/api/v1/chat/rooms/{id}/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing))]
pub(super) async fn get(State(app): State<App>, viewer: RoomViewer) -> Result<Json<Room>> {
    let rows = vec![(viewer.access.room, viewer.access.member)];
    let rooms = queries::rooms::wire(app.db.read(), Some(&viewer.caller.user), rows).await?;
    rooms.into_iter().next().map(Json).ok_or_else(Error::not_found)
}
