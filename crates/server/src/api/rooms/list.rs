//! Which rooms there are.

use axum::extract::State;
use charla_db::queries::{self, paging::Seek};
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
    wording::Worded,
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
) -> Result<Worded<List<Room>>> {
    let ask = paging.ask()?;
    let parameters = [("limit", ask.limit.to_string())];
    let db = app.db.read();
    let found = queries::rooms::of_user(db, caller.id(), ask).await?;
    let ends = found.ends(|(room, _)| (room.last_activity_at, RoomId(room.id)));
    let rooms = queries::rooms::wire(db, Some(&caller.user), found.rows).await?;
    Ok(Worded(page::list(&client, ROOMS, rooms, ends, &parameters)))
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
    /// Where the page lies: taken from `next` or `previous`.
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
) -> Result<Worded<List<Room>>> {
    let ask = page::ask::<(String, RoomId)>(search.limit, search.cursor.as_deref())?;
    if let Seek::After((name, _)) | Seek::Before((name, _)) = &ask.seek {
        page::check_position(name)?;
    }
    let text = page::search_text(&search.search)?;
    let parameters = [("search", text.clone()), ("limit", ask.limit.to_string())];
    let db = app.db.read();
    let found = queries::rooms::public(db, &text, ask).await?;
    let ends = found.ends(|room| (room.name_key.clone(), RoomId(room.id)));
    let mut members = queries::rooms::memberships(db, caller.id(), &found.rows).await?;
    let rows = found
        .rows
        .into_iter()
        .map(|room| {
            let member = members.remove(&room.id);
            (room, member)
        })
        .collect();
    let rooms = queries::rooms::wire(db, Some(&caller.user), rows).await?;
    Ok(Worded(page::list(&client, PUBLIC, rooms, ends, &parameters)))
}

/// One room, to those who can see it.
#[utoipa::path(get, operation_id = "get_room", path = "/api/v1/chat/rooms/{id}/", tag = "rooms", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Room), Missing))]
pub(super) async fn get(State(app): State<App>, viewer: RoomViewer) -> Result<Worded<Room>> {
    let rows = vec![(viewer.access.room, viewer.access.member)];
    let rooms = queries::rooms::wire(app.db.read(), Some(&viewer.caller.user), rows).await?;
    rooms.into_iter().next().map(Worded).ok_or_else(Error::not_found)
}
