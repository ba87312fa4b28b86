//! What the server itself writes into a room.

use charla_db::{
    Notice, Result, Transaction,
    clock::Clock,
    queries,
    tables::{rooms, system_events::StoredEvent, users},
};
use charla_protocol::messages::SystemEventKind;

/// One thing to report.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    Joined,
    Left,
    Added(&'a users::Model),
    Removed(&'a users::Model),
    Renamed(&'a str),
}

/// Writes reports into a room whose row is locked, and gives what to tell, in their order. However many there are, it takes
/// as many statements as one.
///
/// # Errors
/// Those of the database.
pub async fn append(
    tx: &Transaction,
    clock: &dyn Clock,
    room: &mut rooms::Model,
    actor: &users::Model,
    reports: &[Report<'_>],
) -> Result<Vec<Notice>> {
    let events: Vec<StoredEvent> = reports.iter().map(|report| report.event()).collect();
    let messages = queries::timeline::append_system(tx, clock, room, actor.user_id(), &events).await?;
    Ok(messages.into_iter().map(|message| Notice::Message(Box::new(message))).collect())
}

impl Report<'_> {
    fn event(self) -> StoredEvent {
        match self {
            Self::Joined => StoredEvent::of(SystemEventKind::MemberJoined),
            Self::Left => StoredEvent::of(SystemEventKind::MemberLeft),
            Self::Added(user) => StoredEvent::to(SystemEventKind::MemberAdded, user.id),
            Self::Removed(user) => StoredEvent::to(SystemEventKind::MemberRemoved, user.id),
            Self::Renamed(new) => StoredEvent::renamed(new),
        }
    }
}
