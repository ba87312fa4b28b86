//! `delete_message`.

use charla_protocol::MessageId;

use super::Context;
use crate::{error::Result, ops, ws::connection::Pending};

pub(super) async fn apply(context: Context<'_>, message: MessageId) -> Option<Pending> {
    match submit(&context, message).await {
        Ok(change) => context.answer(change.committed(), |message| message.revision),
        Err(error) => context.fail(&error),
    }
}

async fn submit(context: &Context<'_>, message: MessageId) -> Result<ops::messages::Changing> {
    let room = context.room_of(message).await?;
    let connection = context.connection;
    ops::messages::delete(context.app, connection.user, connection.via, room, message).await
}
