//! Changes of a room's timeline outside the lanes' batches: the messages of the system.

use charla_protocol::{UserId, messages::Message};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::assemble;
use crate::{
    Result,
    clock::Clock,
    dialect::insert_all,
    tables::{messages, rooms, system_events::StoredEvent, users::Viewer},
};

/// Adds messages of the system to a room whose row the caller has locked, one for each event, raises its revision,
/// and gives the messages to tell, in their order.
///
/// # Errors
/// Those of the database.
pub async fn append_system(
    tx: &impl ConnectionTrait,
    clock: &dyn Clock,
    room: &mut rooms::Model,
    actor: UserId,
    events: &[StoredEvent],
) -> Result<Vec<Message>> {
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let row = system_message(clock, room, actor, event);
        room.revision = row.revision;
        room.last_seq = row.seq;
        room.last_message_id = Some(row.id);
        room.last_activity_at = row.created_at;
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    insert_all(tx, rows.iter().cloned()).await?;
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Revision, Expr::value(room.revision))
        .col_expr(rooms::Column::LastSeq, Expr::value(room.last_seq))
        .col_expr(rooms::Column::LastMessageId, Expr::value(room.last_message_id))
        .col_expr(rooms::Column::LastActivityAt, Expr::value(room.last_activity_at))
        .filter(rooms::Column::Id.eq(room.id))
        .exec(tx)
        .await?;
    assemble::messages(tx, rows, Viewer::EVERYBODY).await
}

fn system_message(
    clock: &dyn Clock,
    room: &rooms::Model,
    actor: UserId,
    event: &StoredEvent,
) -> messages::Model {
    let now = clock.now();
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
