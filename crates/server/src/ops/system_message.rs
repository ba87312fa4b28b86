//! What the server itself writes into a room.

use charla_db::{Notice, Result, Transaction, clock::Clock, queries, tables::rooms, tables::users};
use charla_protocol::{
    UserId,
    messages::{SystemEvent, SystemEventKind},
};

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
/// The text is for clients that show no more than `content`; the others have `system`, in any language.
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
    let name = &actor.display_name;
    let (event, user, new_name, text) = match report {
        Report::Joined => (SystemEventKind::MemberJoined, None, None, format!("{name} joined")),
        Report::Left => (SystemEventKind::MemberLeft, None, None, format!("{name} left")),
        Report::Added(user) => {
            (SystemEventKind::MemberAdded, Some(user), None, format!("{name} added {}", user.display_name))
        }
        Report::Removed(user) => (
            SystemEventKind::MemberRemoved,
            Some(user),
            None,
            format!("{name} removed {}", user.display_name),
        ),
        Report::Renamed(new) => (
            SystemEventKind::RoomRenamed,
            None,
            Some(new.to_owned()),
            format!("{name} renamed the room to {new}"),
        ),
    };
    let event = SystemEvent { event, user: user.map(users::Model::summary), name: new_name };
    let message = queries::timeline::append_system(tx, clock, room, UserId(actor.id), &text, &event).await?;
    Ok(Notice::Message(Box::new(message)))
}
