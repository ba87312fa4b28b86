//! Reads a client's frame, and names what is wrong with it.

use charla_protocol::{
    ErrorCode, Timestamp,
    actions::{Action, ClientFrame},
    events::{Ack, ErrorData, Event},
    users::Language,
};
use serde::Deserialize;

use crate::error::Error;

/// Who is to hear of a failure: as much of a frame as could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) action: Option<String>,
    pub(super) client_id: Option<String>,
}

/// Members of a frame whose others may be of any form.
#[derive(Deserialize)]
struct Envelope {
    action: Option<serde_json::Value>,
    client_id: Option<serde_json::Value>,
}

/// Reads one action.
///
/// # Errors
/// `malformed_frame` for what is no JSON object with an `action`, `unknown_action`, or `validation_failed` with the
/// member named; and where it came from.
pub(super) fn parse(text: &str) -> Result<(ClientFrame, Origin), (Error, Origin)> {
    match serde_json::from_str::<ClientFrame>(text) {
        Ok(frame) => {
            let origin =
                Origin { action: Some(frame.action.name().to_owned()), client_id: frame.client_id.clone() };
            Ok((frame, origin))
        }
        Err(error) => Err(explain(text, &error)),
    }
}

fn explain(text: &str, error: &serde_json::Error) -> (Error, Origin) {
    let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
        return (Error::new(ErrorCode::MalformedFrame), Origin::default());
    };
    let string =
        |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(ToOwned::to_owned));
    let origin = Origin { action: string(envelope.action), client_id: string(envelope.client_id) };
    let error = match origin.action.as_deref() {
        None => Error::new(ErrorCode::MalformedFrame),
        Some(action) if !Action::NAMES.contains(&action) => Error::new(ErrorCode::UnknownAction),
        Some(_) => rejected(error),
    };
    (error, origin)
}

/// A member that lacks, by name; otherwise all that is known is that one is not of its form.
fn rejected(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    match text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(field) => Error::field(field, "required"),
        None => Error::new(ErrorCode::ValidationFailed),
    }
}

/// The `error` event for a failed action. Rejected members are named in its `detail`.
pub(super) fn error_event(error: &Error, origin: Origin, language: Language) -> Event {
    let detail = match error.problem(language, None).errors {
        Some(errors) => errors
            .into_iter()
            .map(|(field, texts)| format!("{field}: {}", texts.join(" ")))
            .collect::<Vec<_>>()
            .join(" "),
        None => error.detail(language),
    };
    Event::Error(ErrorData {
        action: origin.action,
        client_id: origin.client_id,
        code: error.code,
        detail,
        retry_after: error.retry_after,
    })
}

/// The `ack` for an action that concerned no message.
pub(super) fn plain_ack(client_id: String, now: Timestamp) -> Event {
    Event::Ack(Ack { client_id, id: None, revision: None, created_at: now })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_action_are_understood() {
        for text in [
            r#"{"action": "send_message", "content": "Hola mundo!", "message_type": "text"}"#,
            r#"{"action": "typing", "is_typing": true}"#,
            r#"{"action": "mark_read", "message_ids": ["0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e"]}"#,
            r#"{"action": "edit_message", "message_id": "0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e", "content": "x"}"#,
            r#"{"action": "delete_message", "message_id": "0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e", "more": 1}"#,
            r#"{"action": "focus", "room_id": null}"#,
            r#"{"action": "ping", "client_id": "p1"}"#,
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_where_it_came_from() {
        let rows = [
            ("nonsense", ErrorCode::MalformedFrame, None),
            ("[1]", ErrorCode::MalformedFrame, None),
            ("{}", ErrorCode::MalformedFrame, None),
            (r#"{"action": 1}"#, ErrorCode::MalformedFrame, None),
            (r#"{"action": "dance", "client_id": "c"}"#, ErrorCode::UnknownAction, Some("c")),
            (r#"{"action": "typing", "client_id": "c"}"#, ErrorCode::ValidationFailed, Some("c")),
            (
                r#"{"action": "typing", "is_typing": "yes", "client_id": "c"}"#,
                ErrorCode::ValidationFailed,
                Some("c"),
            ),
        ];
        for (text, code, client_id) in rows {
            let (error, origin) = parse(text).unwrap_err();
            assert_eq!((error.code, origin.client_id.as_deref()), (code, client_id), "{text}");
        }
        let (error, _) = parse(r#"{"action": "typing"}"#).unwrap_err();
        assert_eq!(error.fields[0].field, "is_typing");
    }
}
