//! What `null` means in a body. A member that is left out is another matter: it has its default, or stays as it is.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "null::as_default")]`: `null` is the default too.
///
/// # Errors
/// Those of `T`'s own deserialisation.
pub fn as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// For what may have no value in a `PATCH`: absent is `None` (keep it), `null` is `Some(None)` (clear it).
///
/// # Errors
/// Those of `T`'s own deserialisation.
pub fn as_none<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// For what may be empty in a `PATCH`: absent is `None` (keep it), `null` is the empty value (clear it).
///
/// # Errors
/// Those of `T`'s own deserialisation.
pub fn as_empty<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    as_default(deserializer).map(Some)
}

/// For what always has a value in a `PATCH`: absent is `None` (keep it), `null` is refused.
///
/// # Errors
/// Those of `T`'s own deserialisation: for `null`, that it is of the wrong type.
pub fn refused<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        actions::{Action, ClientFrame},
        messages::{MessageType, SendMessage},
        rooms::{CreateRoom, History, UpdatePreferences, UpdateRoom, Visibility},
        users::{UpdateMe, UpdateSettings},
    };

    #[test]
    fn null_is_the_default_of_a_new_thing() {
        let body = json!({"name": "x", "room_type": "group", "visibility": null, "topic": null, "history": null, "participants": null});
        let room: CreateRoom = serde_json::from_value(body).unwrap();
        assert_eq!((room.visibility, room.history), (Visibility::Private, History::All));
        assert!(room.topic.is_empty() && room.participants.is_empty());
        let body = json!({"room": "0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e", "content": null, "message_type": null, "attachment_ids": null, "client_id": null, "reply_to_id": null});
        let message: SendMessage = serde_json::from_value(body).unwrap();
        assert_eq!((message.message_type, message.content.as_str()), (MessageType::Text, ""));
        assert!(
            message.attachment_ids.is_empty() && message.client_id.is_none() && message.reply_to_id.is_none()
        );
    }

    #[test]
    fn a_frame_has_the_same_defaults() {
        let action = json!({"action": "send_message", "content": "x", "message_type": null, "attachment_ids": null, "reply_to_id": null, "client_id": null, "room_id": null});
        let frame: ClientFrame = serde_json::from_value(action).unwrap();
        let Action::SendMessage { message_type, attachment_ids, .. } = frame.action else {
            panic!("{frame:?}")
        };
        assert!(message_type == MessageType::Text && attachment_ids.is_empty());
    }

    #[test]
    fn null_clears_what_may_be_empty() {
        let room: UpdateRoom = serde_json::from_value(json!({"topic": null})).unwrap();
        assert_eq!((room.topic.as_deref(), room.name), (Some(""), None));
        let me: UpdateMe =
            serde_json::from_value(json!({"bio": null, "phone_number": null, "display_name": null})).unwrap();
        assert_eq!((me.bio.as_deref(), me.phone_number, me.language), (Some(""), Some(None), None));
        assert_eq!(me.display_name.as_deref(), Some(""));
    }

    #[test]
    fn null_is_refused_where_there_is_always_a_value() {
        fn is_refused<T: serde::de::DeserializeOwned>(name: &str) -> bool {
            let body: Value = [(name.to_owned(), Value::Null)].into_iter().collect();
            serde_json::from_value::<T>(body).is_err()
        }
        assert!(["name", "visibility", "history"].into_iter().all(is_refused::<UpdateRoom>));
        assert!(["email", "settings"].into_iter().all(is_refused::<UpdateMe>));
        assert!(["notify", "pinned"].into_iter().all(is_refused::<UpdatePreferences>));
        let settings = ["direct_messages", "show_last_seen", "send_read_receipts"];
        assert!(settings.into_iter().all(is_refused::<UpdateSettings>));
    }

    /// What a change says nothing of must not be sent as `null`.
    #[test]
    fn what_stays_is_left_out() {
        assert_eq!(serde_json::to_value(UpdateRoom::default()).unwrap(), json!({}));
        assert_eq!(serde_json::to_value(UpdateMe::default()).unwrap(), json!({}));
        assert_eq!(serde_json::to_value(UpdatePreferences::default()).unwrap(), json!({}));
        assert_eq!(serde_json::to_value(UpdateSettings::default()).unwrap(), json!({}));
    }
}
