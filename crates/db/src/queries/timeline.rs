//! Changes of a room's timeline outside the lanes' batches: the messages of the system.

use charla_protocol::{Timestamp, UserId, messages::Message};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use super::assemble;
use crate::{
    Result,
    clock::Clock,
    tables::{messages, rooms, system_events::StoredEvent, users::Viewer},
};

/// Adds a message of the system to a room whose row the caller has locked, raises its revision,
/// and gives the message to tell.
///
/// # Errors
/// Those of the database.
pub async fn append_system(
    tx: &impl ConnectionTrait,
    clock: &dyn Clock,
    room: &mut rooms::Model,
    actor: UserId,
    event: &StoredEvent,
) -> Result<Message> {
    let now = clock.now();
    let row = system_message(clock, room, actor, event, now);
    room.revision = row.revision;
    room.last_seq = row.seq;
    room.last_message_id = Some(row.id);
    room.last_activity_at = now.millis();
    messages::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Revision, Expr::value(room.revision))
        .col_expr(rooms::Column::LastSeq, Expr::value(room.last_seq))
        .col_expr(rooms::Column::LastMessageId, Expr::value(room.last_message_id))
        .col_expr(rooms::Column::LastActivityAt, Expr::value(room.last_activity_at))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    let mut told = assemble::messages(tx, vec![row], Viewer::EVERYBODY).await?;
    Ok(told.remove(0))
}

fn system_message(
    clock: &dyn Clock,
    room: &rooms::Model,
    actor: UserId,
    event: &StoredEvent,
    now: Timestamp,
) -> messages::Model {
    let revision = room.revision + 1;
    messages::Model {
        id: clock.id(),
        room_id: room.id,
        seq: revision,
        revision,
        sender_id: actor.0,
        message_type: "system".to_owned(),
        content: String::new(),
        content_html: String::new(),
        system: serde_json::to_string(event).ok(),
        reply_to_id: None,
        client_id: None,
        created_at: now.millis(),
        edited_at: None,
        deleted_at: None,
    }
}
