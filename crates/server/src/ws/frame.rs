//! Reads a client's frame, and names what is wrong with it.

use charla_protocol::{
    ErrorCode, Timestamp,
    actions::{Action, ClientFrame},
    events::{Ack, ErrorData, Event},
    users::Language,
};
use serde_json::Value;

use crate::{error::Error, shape};

/// Who is to hear of a failure: as much of a frame as could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) action: Option<String>,
    pub(super) client_id: Option<String>,
}

/// Reads one action.
///
/// # Errors
/// `malformed_frame` for what is no JSON object with an `action`, `unknown_action`, or `validation_failed` with the
/// member named; and where it came from.
pub(super) fn parse(text: &str) -> Result<(ClientFrame, Origin), Box<(Error, Origin)>> {
    match serde_json::from_str::<ClientFrame>(text) {
        Ok(frame) => {
            let origin =
                Origin { action: Some(frame.action.name().to_owned()), client_id: frame.client_id.clone() };
            Ok((frame, origin))
        }
        Err(_) => Err(Box::new(explain(text))),
    }
}

fn explain(text: &str) -> (Error, Origin) {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return (Error::new(ErrorCode::MalformedFrame), Origin::default());
    };
    let string = |name| members.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let origin = Origin { action: string("action"), client_id: string("client_id") };
    let error = match origin.action.as_deref() {
        None => Error::new(ErrorCode::MalformedFrame),
        Some(action) if !Action::NAMES.contains(&action) => Error::new(ErrorCode::UnknownAction),
        Some(_) => match shape::faults::<ClientFrame>(&Value::Object(members)) {
            // A member that comes twice is a fault of the text, and gone once it is read.
            faults if faults.is_empty() => Error::new(ErrorCode::MalformedFrame),
            faults => Error::fields(faults),
        },
    };
    (error, origin)
}

/// The `error` event for a failed action. Rejected members are named in its `detail` too.
pub(super) fn error_event(error: &Error, origin: Origin, language: Language) -> Event {
    let errors = error.problem(language, None).errors;
    let detail = match &errors {
        Some(errors) => errors
            .iter()
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
        errors,
        retry_after: error.retry_after,
        until: error.until,
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
            (r#"["typing", "c"]"#, ErrorCode::MalformedFrame, None),
            ("{}", ErrorCode::MalformedFrame, None),
            (r#"{"action": 1}"#, ErrorCode::MalformedFrame, None),
            (
                r#"{"action": "typing", "is_typing": true, "is_typing": false, "client_id": "c"}"#,
                ErrorCode::MalformedFrame,
                Some("c"),
            ),
            (r#"{"action": "dance", "client_id": "c"}"#, ErrorCode::UnknownAction, Some("c")),
            (r#"{"action": "typing", "client_id": "c"}"#, ErrorCode::ValidationFailed, Some("c")),
            (
                r#"{"action": "typing", "is_typing": "yes", "client_id": "c"}"#,
                ErrorCode::ValidationFailed,
                Some("c"),
            ),
        ];
        for (text, code, client_id) in rows {
            let (error, origin) = *parse(text).unwrap_err();
            assert_eq!((error.code, origin.client_id.as_deref()), (code, client_id), "{text}");
        }
    }

    #[test]
    fn rejected_members_are_named_each_with_what_it_should_be() {
        let frame = r#"{"action": "edit_message", "message_id": "x", "client_id": "c"}"#;
        let (error, origin) = *parse(frame).unwrap_err();
        let Event::Error(told) = error_event(&error, origin, Language::En) else { panic!("{error:?}") };
        let errors = told.errors.unwrap();
        assert_eq!(errors["content"], ["This is required."]);
        assert_eq!(errors["message_id"], ["This must be an id: a UUID, as a text."]);
        assert_eq!((errors.len(), told.client_id.as_deref()), (2, Some("c")));
        assert!(told.detail.contains("content: This is required."), "{}", told.detail);
        let unknown = error_event(&Error::new(ErrorCode::UnknownAction), Origin::default(), Language::En);
        assert!(matches!(unknown, Event::Error(told) if told.errors.is_none()));
    }
}
