//! How rows stand in an export.

use charla_db::tables::{
    files, messages, pins, reactions,
    room_members::{self, role_of},
    rooms, users,
};
use charla_protocol::Timestamp;
use charla_server::export::shapes as own;
use serde_json::{Value, json};

pub(super) fn person(row: &users::Model) -> Value {
    json!({
        "id": row.id,
        "username": row.username,
        "email": row.email,
        "email_verified_at": row.email_verified_at.map(at),
        "display_name": row.display_name,
        "bio": row.bio,
        "phone_number": row.phone_number,
        "avatar": row.avatar_id,
        "language": row.language,
        "settings": row.settings(),
        "is_active": row.is_active,
        "is_staff": row.is_staff,
        "is_superuser": row.is_superuser,
        "date_joined": at(row.date_joined),
        "last_seen": row.last_seen.map(at),
        "deleted_at": row.deleted_at.map(at),
        "two_factor_at": row.two_factor_at.map(at),
    })
}

pub(super) fn room(row: &rooms::Model, members: &[room_members::Model], pins: &[pins::Model]) -> Value {
    let member = |row: &room_members::Model| json!({"user": row.user_id, "role": role_of(row.role), "joined_at": at(row.joined_at)});
    let pin = |row: &pins::Model| json!({"message": row.message_id, "pinned_by": row.pinned_by, "pinned_at": at(row.pinned_at)});
    json!({
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "topic": row.topic,
        "room_type": row.room_type(),
        "visibility": row.visibility(),
        "history": row.history(),
        "avatar": row.avatar_id,
        "created_by": row.created_by,
        "created_at": at(row.created_at),
        "is_active": row.is_active,
        "members": members.iter().map(member).collect::<Vec<_>>(),
        "pins": pins.iter().map(pin).collect::<Vec<_>>(),
    })
}

/// A message as its sender gets it, and what all see of it.
pub(super) fn message(
    row: &messages::Model,
    mut own: Value,
    reactions: Option<&Vec<reactions::Model>>,
) -> Value {
    let reaction = |row: &reactions::Model| json!({"emoji": row.emoji, "user": row.user_id, "created_at": at(row.created_at)});
    own["seq"] = json!(row.seq);
    own["sender"] = json!(row.sender_id);
    own["deleted_at"] = json!(row.deleted_at.map(at));
    own["reactions"] =
        json!(reactions.map(|all| all.iter().map(reaction).collect::<Vec<_>>()).unwrap_or_default());
    own
}

pub(super) fn file(row: &files::Model) -> Value {
    let mut file = own::file(row);
    file["uploader"] = json!(row.uploader_id);
    file
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}
