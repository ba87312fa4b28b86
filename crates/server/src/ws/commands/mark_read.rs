//! `mark_read`: reading a message reads all before it.

use charla_protocol::MessageId;

use super::Context;
use crate::{
    error::Result,
    ops::{self, messages::Reading},
    ws::{
        connection::Pending,
        frame::{error_event, plain_ack},
    },
};

pub(super) async fn apply(context: Context<'_>, messages: Vec<MessageId>) -> Option<Pending> {
    let reading = match submit(&context, messages).await {
        Ok(reading) => reading,
        Err(error) => return context.fail(&error),
    };
    let (app, language, origin) = (context.app.clone(), context.connection.language, context.origin);
    Some(Box::pin(async move {
        match reading.committed().await {
            Ok(_) => origin.client_id.map(|client_id| plain_ack(client_id, app.clock.now())),
            Err(error) => Some(error_event(&error, origin, language)),
        }
    }))
}

async fn submit(context: &Context<'_>, messages: Vec<MessageId>) -> Result<Reading> {
    let user = context.connection.user;
    ops::messages::mark_read(context.app, user, context.room_id, messages).await
}
