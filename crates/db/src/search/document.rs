//! A message as the search sees it: what it says, and the marks of what else it has.

use charla_protocol::messages::Attachment;

use super::{
    filter::Filter,
    words::{Has, sender_mark},
};
use crate::tables::messages;

/// The marks of a message: who sent it, and what it has.
pub(super) fn marks_of(row: &messages::Model, attachments: &[Attachment]) -> Vec<String> {
    let has = [Has::File, Has::Image, Has::Link].into_iter().filter(|what| has(row, attachments, *what));
    has.map(Has::mark).chain([sender_mark(row.sender_id)]).collect()
}

/// Whether it is a message that can be found at all, and one that the filter lets through. Its room is not looked at.
pub(super) fn passes(filter: &Filter, row: &messages::Model, attachments: &[Attachment]) -> bool {
    row.deleted_at.is_none()
        && row.message_type != "system"
        && filter.holds_time(row.created_at)
        && filter.senders.as_ref().is_none_or(|senders| senders.contains(&row.sender_id))
        && filter.has.iter().all(|what| has(row, attachments, *what))
}

fn has(row: &messages::Model, attachments: &[Attachment], what: Has) -> bool {
    match what {
        Has::File => !attachments.is_empty(),
        Has::Image => attachments.iter().any(|file| file.content_type.starts_with("image/")),
        // What its readers can follow.
        Has::Link => row.content_html.contains("<a href="),
    }
}
