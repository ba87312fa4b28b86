//! What system messages keep of what they report: ids. Names are added when a message is read, as they are by then; the words
//! come last, in the reader's language.

use std::collections::HashMap;

use charla_protocol::{
    messages::{SystemEvent, SystemEventKind},
    users::UserSummary,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The JSON of `messages.system`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEvent {
    pub event: SystemEventKind,
    pub user: Option<Whom>,
    /// The new name of the room.
    pub name: Option<String>,
}

/// Rows of before have the names of then as well, which nobody reads any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    pub id: Uuid,
}

impl StoredEvent {
    /// Something the sender did to nobody else.
    pub const fn of(event: SystemEventKind) -> Self {
        Self { event, user: None, name: None }
    }

    /// Something the sender did to another.
    pub const fn to(event: SystemEventKind, user: Uuid) -> Self {
        Self { event, user: Some(Whom { id: user }), name: None }
    }

    pub fn renamed(name: &str) -> Self {
        Self { event: SystemEventKind::RoomRenamed, user: None, name: Some(name.to_owned()) }
    }

    /// With the people as they are now.
    pub fn wire(&self, people: &HashMap<Uuid, UserSummary>) -> SystemEvent {
        let user = self.user.and_then(|whom| people.get(&whom.id));
        SystemEvent { event: self.event, user: user.cloned(), name: self.name.clone() }
    }
}
