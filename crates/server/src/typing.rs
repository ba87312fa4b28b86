//! Who is typing where. A sign of typing fades by itself.

use std::collections::HashMap;

use charla_broker::Audience;
use charla_protocol::{
    RoomId, Timestamp, UserId,
    events::{Event, Typing},
};
use parking_lot::Mutex;

use crate::App;

/// After this long without another sign the server tells that typing has ended, in milliseconds.
const FADES_AFTER: i64 = 6_000;

/// Those who are typing, as far as this node's sockets have said.
#[derive(Debug, Default)]
pub struct TypingBoard {
    until: Mutex<HashMap<(RoomId, UserId), Typist>>,
}

#[derive(Debug)]
struct Typist {
    username: String,
    until: Timestamp,
}

impl App {
    /// Notes and tells that somebody is typing, or no longer. Repeated signs are told once in a while only.
    pub fn set_typing(&self, room: RoomId, user: UserId, username: &str, is_typing: bool) {
        let key = (room, user);
        let mut board = self.typing.until.lock();
        let changed = if is_typing {
            let until = self.clock.now().plus_millis(FADES_AFTER);
            board.insert(key, Typist { username: username.to_owned(), until }).is_none()
        } else {
            board.remove(&key).is_some()
        };
        drop(board);
        if changed {
            self.tell_typing(room, user, username.to_owned(), is_typing);
        }
    }

    /// Tells of those whose last sign is too old.
    pub fn fade_typing(&self) {
        let now = self.clock.now();
        let faded: Vec<_> = self.typing.until.lock().extract_if(|_, typist| typist.until <= now).collect();
        for ((room, user), typist) in faded {
            self.tell_typing(room, user, typist.username, false);
        }
    }

    fn tell_typing(&self, room: RoomId, user_id: UserId, username: String, is_typing: bool) {
        if self.hub.is_parted(room) {
            return;
        }
        let event = Event::Typing(Typing { user_id, username, is_typing });
        self.send_to_room(room, event, Audience::Focused, Some(user_id));
    }
}
