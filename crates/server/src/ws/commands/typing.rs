//! `typing`: told to those who look at the room, stored nowhere.

use super::Context;
use crate::ws::connection::Pending;

pub(super) async fn apply(context: Context<'_>, is_typing: bool) -> Option<Pending> {
    match context.followed_room().await {
        Ok(room) => {
            let connection = context.connection;
            context.app.set_typing(room, connection.user, &connection.username, is_typing);
            context.done()
        }
        Err(error) => context.fail(&error),
    }
}
