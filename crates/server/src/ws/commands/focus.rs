//! `focus`: the room on screen. A room socket always looks at its own.

use charla_protocol::RoomId;

use super::Context;
use crate::ws::{
    connection::{Pending, set_focus},
    hub::Door,
};

pub(super) async fn apply(context: Context<'_>, focus: Option<RoomId>) -> Option<Pending> {
    if context.connection.door == Door::Account {
        if focus.is_some()
            && let Err(error) = context.followed_room().await
        {
            return context.fail(&error);
        }
        set_focus(context.app, context.connection, focus);
    }
    context.done()
}
