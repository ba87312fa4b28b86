//! What the server itself says in a room. Rows and `system` members keep what happened; the words are put in last, in the
//! language of whoever reads them.

use std::sync::Arc;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use charla_db::{html::escape, queries::assemble::QUOTE_CHARACTERS};
use charla_protocol::{
    List,
    events::Event,
    messages::{Changes, FoundMessage, Message, Quote, SystemEvent, SystemEventKind, Timeline},
    pins::PinnedMessage,
    rooms::Room,
    users::{Language, UserSummary},
};
use http::{HeaderValue, header};
use parking_lot::Mutex;
use serde::Serialize;

use crate::i18n;

/// Something with messages in it.
pub trait Wording {
    /// Puts the words for what happened into its system messages.
    fn word(&mut self, language: Language);
}

impl Wording for Message {
    fn word(&mut self, language: Language) {
        if let Some(event) = &self.system {
            self.content = words(language, &self.sender, event);
            self.content_html = format!("<p>{}</p>", escape(&self.content));
        }
        if let Some(quote) = &mut self.reply_to {
            quote.word(language);
        }
    }
}

impl Wording for Quote {
    fn word(&mut self, language: Language) {
        if let Some(event) = &self.system {
            let text = words(language, &self.sender, event);
            self.content = text.chars().take(QUOTE_CHARACTERS).collect();
        }
    }
}

impl Wording for FoundMessage {
    fn word(&mut self, language: Language) {
        self.message.word(language);
    }
}

impl Wording for PinnedMessage {
    fn word(&mut self, language: Language) {
        self.message.word(language);
    }
}

impl Wording for Room {
    fn word(&mut self, language: Language) {
        if let Some(message) = &mut self.last_message {
            message.word(language);
        }
    }
}

impl Wording for Timeline {
    fn word(&mut self, language: Language) {
        self.results.word(language);
    }
}

impl Wording for Changes {
    fn word(&mut self, language: Language) {
        self.results.word(language);
    }
}

impl<T: Wording> Wording for List<T> {
    fn word(&mut self, language: Language) {
        self.results.word(language);
    }
}

impl<T: Wording> Wording for Vec<T> {
    fn word(&mut self, language: Language) {
        self.iter_mut().for_each(|one| one.word(language));
    }
}

impl Wording for Event {
    fn word(&mut self, language: Language) {
        match self {
            Self::Message(message) | Self::MessageEdited(message) | Self::MessageDeleted(message) => {
                message.word(language);
            }
            Self::Reaction(reacted) => reacted.message.word(language),
            Self::RoomUpdated(room) | Self::RoomAdded(room) => room.word(language),
            Self::Hello(_)
            | Self::Typing(_)
            | Self::MessagesRead(_)
            | Self::UserStatus(_)
            | Self::Ack(_)
            | Self::Error(_)
            | Self::Pong(_)
            | Self::Resync(_)
            | Self::RoomRemoved(_)
            | Self::ReadState(_)
            | Self::ProfileUpdated(_)
            | Self::FriendRequest(_)
            | Self::Friendship(_)
            | Self::Draft(_) => {}
        }
    }
}

/// What happened, in one sentence. The web client says the same (`web/src/lib/i18n`).
fn words(language: Language, actor: &UserSummary, event: &SystemEvent) -> String {
    let key = match event.event {
        SystemEventKind::MemberJoined => "system-member-joined",
        SystemEventKind::MemberLeft => "system-member-left",
        SystemEventKind::MemberAdded => "system-member-added",
        SystemEventKind::MemberRemoved => "system-member-removed",
        SystemEventKind::RoomRenamed => "system-room-renamed",
    };
    let user = event.user.as_ref().unwrap_or(actor);
    let args = vec![
        ("actor", actor.display_name.clone()),
        ("user", user.display_name.clone()),
        ("name", event.name.clone().unwrap_or_default()),
    ];
    i18n::text(language, key, &args)
}

/// A JSON answer with messages in it. It gets its words, and with them its body, from `middleware::edge`, which knows the
/// language of the request.
#[derive(Clone, Copy, Debug)]
pub struct Worded<T>(pub T);

impl<T: Wording + Serialize + Send + 'static> IntoResponse for Worded<T> {
    fn into_response(self) -> Response {
        let mut value = self.0;
        let body = move |language| {
            value.word(language);
            // Of our own types only, as in `delivery::encode`.
            serde_json::to_vec(&value).unwrap_or_default()
        };
        let mut response = Response::default();
        response.extensions_mut().insert(Unworded(Arc::new(Mutex::new(Box::new(body)))));
        response
    }
}

/// The body of an answer, once the language is known. Behind a lock because extensions are shared; nobody waits for it.
#[derive(Clone)]
pub struct Unworded(Arc<Mutex<MakeBody>>);

type MakeBody = Box<dyn FnMut(Language) -> Vec<u8> + Send>;

impl std::fmt::Debug for Unworded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unworded").finish_non_exhaustive()
    }
}

impl Unworded {
    /// The answer with its body.
    pub fn complete(&self, response: Response, language: Language) -> Response {
        let (mut parts, _) = response.into_parts();
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Response::from_parts(parts, Body::from((self.0.lock())(language)))
    }
}
