//! `/api/v1/chat/rooms/`.

mod avatar;
mod change;
mod draft;
mod invites;
mod list;
mod members;
mod membership;
mod pins;
mod timeline;

use charla_db::queries;
use charla_protocol::{RoomId, rooms::Room};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use invites::page_of_invites;

use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, change::create))
        .routes(routes!(list::public))
        .routes(routes!(change::direct_chat))
        .routes(routes!(list::get, change::update, change::close))
        .routes(routes!(avatar::set, avatar::remove))
        .routes(routes!(timeline::messages))
        .routes(routes!(timeline::changes))
        .routes(routes!(membership::join))
        .routes(routes!(membership::leave))
        .routes(routes!(membership::mark_all_read))
        .routes(routes!(membership::clear_history))
        .routes(routes!(membership::preferences))
        .routes(routes!(members::list, members::add))
        .routes(routes!(members::change_role, members::remove))
        .routes(routes!(invites::list, invites::create))
        .routes(routes!(invites::withdraw))
        .routes(routes!(pins::list, pins::pin))
        .routes(routes!(pins::unpin))
        .routes(routes!(draft::get, draft::put, draft::delete))
}

/// The room as the caller now sees it.
pub(super) async fn room_of(app: &App, caller: &Caller, id: RoomId) -> Result<Room> {
    let db = app.db.read();
    let access = queries::access::load(db, id, caller.id(), caller.user.is_staff).await?;
    let rooms = queries::rooms::wire(db, Some(&caller.user), vec![(access.room, access.member)]).await?;
    rooms.into_iter().next().ok_or_else(Error::not_found)
}
