//! Files: who may see one, and those of messages.

use std::collections::HashMap;

use charla_protocol::{UserId, messages::Attachment};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::members;
use crate::{
    Result,
    tables::{
        files::{self, Purpose},
        messages, room_members,
    },
};

/// A file, and what decides whether a viewer may see it.
#[derive(Clone, Debug)]
pub struct Found {
    pub file: files::Model,
    /// The message it is part of.
    pub message: Option<messages::Model>,
    /// The viewer's membership in the room of that message.
    pub member: Option<room_members::Model>,
}

impl Found {
    /// An avatar: everybody who is signed in. A part of a message: the members of its room from whom it is not hidden,
    /// until it is deleted. A part of none yet: its uploader alone.
    pub fn is_visible_to(&self, viewer: UserId) -> bool {
        match (self.file.purpose(), self.file.message_id) {
            (Purpose::Avatar, _) => true,
            (Purpose::Attachment, None) => self.file.uploader_id == viewer.0,
            (Purpose::Attachment, Some(_)) => {
                let (Some(message), Some(member)) = (&self.message, &self.member) else { return false };
                message.deleted_at.is_none() && message.seq > member.hidden_seq
            }
        }
    }
}

/// A file with what decides on access for `viewer`.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: Uuid, viewer: UserId) -> Result<Option<Found>> {
    let found = files::Entity::find_by_id(id).find_also_related(messages::Entity).one(db).await?;
    let Some((file, message)) = found else { return Ok(None) };
    let member = match &message {
        Some(message) => members::find(db, message.room(), viewer).await?,
        None => None,
    };
    Ok(Some(Found { file, message, member }))
}

/// The attachments of these messages, each message's in their order. Only those that can have any are asked for:
/// a page of texts costs no query.
///
/// # Errors
/// Those of the database.
pub async fn of_messages(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, Vec<Attachment>>> {
    let ids: Vec<Uuid> = rows.iter().filter(|row| can_have_files(row)).map(|row| row.id).collect();
    let mut attachments: HashMap<Uuid, Vec<Attachment>> = HashMap::new();
    if ids.is_empty() {
        return Ok(attachments);
    }
    let files = files::Entity::find()
        .filter(files::Column::MessageId.is_in(ids))
        .order_by_asc(files::Column::MessageId)
        .order_by_asc(files::Column::Position)
        .all(db)
        .await?;
    for file in files {
        if let Some(message) = file.message_id {
            attachments.entry(message).or_default().push(file.attachment());
        }
    }
    Ok(attachments)
}

fn can_have_files(row: &messages::Model) -> bool {
    matches!(row.message_type.as_str(), "image" | "file") && row.deleted_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWER: UserId = UserId(Uuid::from_u128(1));
    const OTHER: UserId = UserId(Uuid::from_u128(2));
    const MESSAGE: Uuid = Uuid::from_u128(3);

    fn file(purpose: Purpose, uploader: UserId, message_id: Option<Uuid>) -> files::Model {
        files::Model {
            id: Uuid::from_u128(4),
            uploader_id: uploader.0,
            purpose: purpose.as_str().to_owned(),
            message_id,
            position: 0,
            name: "a.png".to_owned(),
            size: 1,
            content_type: "image/png".to_owned(),
            width: None,
            height: None,
            thumbhash: None,
            created_at: 0,
        }
    }

    fn message(deleted_at: Option<i64>) -> messages::Model {
        messages::Model {
            id: MESSAGE,
            room_id: Uuid::nil(),
            seq: 5,
            revision: 5,
            sender_id: OTHER.0,
            message_type: "image".to_owned(),
            content: String::new(),
            content_html: String::new(),
            system: None,
            reply_to_id: None,
            client_id: None,
            created_at: 0,
            edited_at: None,
            deleted_at,
        }
    }

    fn member(hidden_seq: i64) -> room_members::Model {
        room_members::Model {
            room_id: Uuid::nil(),
            user_id: VIEWER.0,
            role: 0,
            joined_at: 0,
            joined_seq: 0,
            hidden_seq,
            last_read_seq: 0,
            last_read_message_id: None,
            last_read_at: None,
            notify: "all".to_owned(),
            muted_until: None,
            pinned: false,
        }
    }

    #[test]
    fn who_sees_a_file() {
        use Purpose::{Attachment, Avatar};
        let claimed = Some(MESSAGE);
        let rows = [
            ("an avatar", file(Avatar, OTHER, None), None, None, true),
            ("one's own, not sent yet", file(Attachment, VIEWER, None), None, None, true),
            ("another's, not sent yet", file(Attachment, OTHER, None), None, None, false),
            ("as a member", file(Attachment, OTHER, claimed), Some(message(None)), Some(member(4)), true),
            ("as a stranger", file(Attachment, OTHER, claimed), Some(message(None)), None, false),
            ("no longer a member", file(Attachment, VIEWER, claimed), Some(message(None)), None, false),
            ("hidden", file(Attachment, OTHER, claimed), Some(message(None)), Some(member(5)), false),
            ("deleted", file(Attachment, VIEWER, claimed), Some(message(Some(1))), Some(member(0)), false),
            ("its message is gone", file(Attachment, VIEWER, claimed), None, None, false),
        ];
        for (case, file, message, member, expected) in rows {
            assert_eq!(Found { file, message, member }.is_visible_to(VIEWER), expected, "{case}");
        }
    }
}
