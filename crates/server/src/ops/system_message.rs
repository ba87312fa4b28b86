//! What the server itself writes into a room.

use charla_db::{
    Notice, Result, Transaction,
    clock::Clock,
    queries,
    tables::{rooms, system_events::StoredEvent, users},
};
use charla_protocol::{UserId, messages::SystemEventKind};

/// One thing to report.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    Joined,
    Left,
    Added(&'a users::Model),
    Removed(&'a users::Model),
    Renamed(&'a str),
}

/// Writes a report into a room whose row is locked, and gives what to tell.
///
/// # Errors
/// Those of the database.
pub async fn append(
    tx: &Transaction,
    clock: &dyn Clock,
    room: &mut rooms::Model,
    actor: &users::Model,
    report: Report<'_>,
) -> Result<Notice> {
    let event = match report {
        Report::Joined => StoredEvent::of(SystemEventKind::MemberJoined),
        Report::Left => StoredEvent::of(SystemEventKind::MemberLeft),
        Report::Added(user) => StoredEvent::to(SystemEventKind::MemberAdded, user.id),
        Report::Removed(user) => StoredEvent::to(SystemEventKind::MemberRemoved, user.id),
        Report::Renamed(new) => StoredEvent::renamed(new),
    };
    let message = queries::timeline::append_system(tx, clock, room, UserId(actor.id), &event).await?;
    Ok(Notice::Message(Box::new(message)))
}
