//! `react`, `unreact`.

use charla_protocol::MessageId;

use super::Context;
use crate::{error::Result, ops, ws::connection::Pending};

pub(super) async fn apply(
    context: Context<'_>,
    message: MessageId,
    emoji: String,
    added: bool,
) -> Option<Pending> {
    match submit(&context, message, &emoji, added).await {
        Ok(change) => context.answer(change.committed(), |message| message.revision),
        Err(error) => context.fail(&error),
    }
}

async fn submit(
    context: &Context<'_>,
    message: MessageId,
    emoji: &str,
    added: bool,
) -> Result<ops::messages::Changing> {
    let room = context.room_of(message).await?;
    ops::messages::react(context.app, context.connection.user, room, message, emoji, added).await
}
