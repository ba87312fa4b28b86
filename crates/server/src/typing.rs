//! Who is typing where. A sign of typing fades by itself.

use std::collections::HashMap;

use charla_broker::Audience;
use charla_protocol::{
    RoomId, UserId,
    events::{Event, Typing},
};
use parking_lot::Mutex;

use crate::App;

/// After this long without another sign the server tells that typing has ended, in milliseconds.
const FADES_AFTER: i64 = 6_000;
/// After this long another sign is told again, for those who have come since, in milliseconds.
const TOLD_AGAIN_AFTER: i64 = 3_000;

/// Those who are typing, as far as this node's sockets have said.
#[derive(Debug, Default)]
pub struct TypingBoard {
    until: Mutex<HashMap<(RoomId, UserId), Typist>>,
}

#[derive(Debug)]
struct Typist {
    username: String,
    /// Both by the ticks of the clock.
    until: i64,
    told_at: i64,
}

impl App {
    /// Notes and tells that somebody is typing, or no longer. Repeated signs are told once in a while only.
    pub fn set_typing(&self, room: RoomId, user: UserId, username: &str, is_typing: bool) {
        let key = (room, user);
        let mut board = self.typing.until.lock();
        let is_news = if is_typing {
            let now = self.clock.ticks();
            let told_at = board.get(&key).map(|typist| typist.told_at);
            let told_at = told_at.filter(|at| now < at + TOLD_AGAIN_AFTER);
            let until = now + FADES_AFTER;
            let typist = Typist { username: username.to_owned(), until, told_at: told_at.unwrap_or(now) };
            board.insert(key, typist);
            told_at.is_none()
        } else {
            board.remove(&key).is_some()
        };
        drop(board);
        if is_news {
            self.tell_typing(room, user, username.to_owned(), is_typing);
        }
    }

    /// Tells of those whose last sign is too old.
    pub fn fade_typing(&self) {
        let now = self.clock.ticks();
        let faded: Vec<_> = self.typing.until.lock().extract_if(|_, typist| typist.until <= now).collect();
        for ((room, user), typist) in faded {
            self.tell_typing(room, user, typist.username, false);
        }
    }

    fn tell_typing(&self, room: RoomId, user_id: UserId, username: String, is_typing: bool) {
        let event = Event::Typing(Typing { user_id, username, is_typing });
        self.send_doing(room, event, Audience::Focused, user_id);
    }
}
