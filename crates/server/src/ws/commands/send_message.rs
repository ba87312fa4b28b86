//! `send_message`: the author gets the `ack`, everybody in the room the `message`.

use charla_protocol::{
    MessageId,
    messages::{MessageType, SendMessage},
};
use uuid::Uuid;

use super::Context;
use crate::{error::Result, ops, ws::connection::Pending};

pub(super) struct Body {
    pub(super) content: String,
    pub(super) message_type: MessageType,
    pub(super) reply_to_id: Option<MessageId>,
    pub(super) attachment_ids: Vec<Uuid>,
}

pub(super) async fn apply(context: Context<'_>, body: Body) -> Option<Pending> {
    match submit(&context, body).await {
        Ok(sent) => context.answer(async { Ok(sent.committed().await?.0) }, |message| message.seq),
        Err(error) => context.fail(&error),
    }
}

async fn submit(context: &Context<'_>, body: Body) -> Result<ops::messages::Sending> {
    let send = SendMessage {
        room: context.room()?,
        content: body.content,
        message_type: body.message_type,
        reply_to_id: body.reply_to_id,
        attachment_ids: body.attachment_ids,
        client_id: context.origin.client_id.clone(),
    };
    ops::messages::send(context.app, context.connection.user, send).await
}
