//! How rows stand in the archive.

use charla_db::tables::{files, message_versions, messages, reactions, sessions};
use charla_protocol::{Timestamp, messages::Attachment};
use serde_json::{Value, json};

pub(super) fn session(row: &sessions::Model) -> Value {
    json!({
        "id": row.id,
        "user_agent": row.user_agent,
        "ip_address": row.ip_address,
        "created_at": at(row.created_at),
        "last_used_at": at(row.last_used_at),
        "expires_at": at(row.expires_at),
        "ended_at": row.ended_at.map(at),
    })
}

pub fn message(
    row: &messages::Model,
    versions: Option<&Vec<message_versions::Model>>,
    attachments: Option<&Vec<Attachment>>,
) -> Value {
    let version =
        |row: &message_versions::Model| json!({"content": row.content, "created_at": at(row.created_at)});
    json!({
        "id": row.id,
        "room": row.room_id,
        "message_type": row.message_type,
        "content": row.content,
        "system": row.event(),
        "reply_to": row.reply_to_id,
        "attachments": attachments.map(|all| all.iter().map(|file| file.id).collect::<Vec<_>>()).unwrap_or_default(),
        "created_at": at(row.created_at),
        "edited_at": row.edited_at.map(at),
        "history": versions.map(|all| all.iter().map(version).collect::<Vec<_>>()).unwrap_or_default(),
    })
}

pub(super) fn reaction(row: &reactions::Model) -> Value {
    json!({"message": row.message_id, "emoji": row.emoji, "created_at": at(row.created_at)})
}

pub fn file(row: &files::Model) -> Value {
    json!({
        "id": row.id,
        "path": path(row),
        "name": row.name,
        "purpose": row.purpose,
        "message": row.message_id,
        "size": row.size,
        "content_type": row.content_type,
        "created_at": at(row.created_at),
    })
}

/// Where the file's bytes are in the archive. The id keeps two of one name apart; no name leads out of the folder.
pub fn path(row: &files::Model) -> String {
    let is_harmful = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name = row.name.replace(is_harmful, "_");
    match name.trim_matches('.') {
        "" => format!("files/{}", row.id),
        _ => format!("files/{}/{name}", row.id),
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use charla_db::tables::files::Purpose;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let id = uuid::Uuid::nil();
        for (name, expected) in [
            ("plan.txt", "plan.txt"),
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("C:\\x", "C__x"),
            ("a\u{0}b", "a_b"),
        ] {
            let blank = files::Model::blank(id, id, Purpose::Attachment, 0);
            let row = files::Model { name: name.to_owned(), ..blank };
            assert_eq!(path(&row), format!("files/{id}/{expected}"));
            for nothing in ["", ".", ".."] {
                assert_eq!(
                    path(&files::Model { name: nothing.to_owned(), ..row.clone() }),
                    format!("files/{id}")
                );
            }
        }
    }
}
