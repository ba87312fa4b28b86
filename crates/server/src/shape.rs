//! What is wrong with the form of a body, all of it at once, and what would be right: it is held against the schema that the
//! OpenAPI document has of it. Whether a body is read decides serde; this explains why it was not.

use std::collections::HashMap;

use charla_protocol::Timestamp;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::FieldError;

/// Faults that are named at most.
const MOST: usize = 50;
/// The member that tells actions apart.
const TAG: &str = "action";

/// The members of `body` that are not of `T`'s form, or lack. Empty where the schema finds nothing wrong.
pub fn faults<T: ToSchema>(body: &Value) -> Vec<FieldError> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let value = |schema| serde_json::to_value(schema).unwrap_or_default();
    let schemas = Schemas(named.into_iter().map(|(name, schema)| (name, value(schema))).collect());
    let mut found = Vec::new();
    schemas.look("", &value(T::schema()), body, &mut found);
    found
}

/// Schemas by their names.
struct Schemas(HashMap<String, Value>);

impl Schemas {
    fn look(&self, field: &str, schema: &Value, value: &Value, found: &mut Vec<FieldError>) {
        if found.len() >= MOST {
            return;
        }
        if let Some(named) = self.named(schema) {
            self.look(field, named, value, found);
        } else if let Some(parts) = schema["allOf"].as_array() {
            parts.iter().for_each(|part| self.look(field, part, value, found));
        } else if let Some(forms) = schema["oneOf"].as_array() {
            if let Some(form) = form_of(forms, value) {
                self.look(field, form, value, found);
            }
        } else if let Some(fault) = fault(field, schema, value) {
            found.push(fault);
        } else {
            match value {
                Value::Object(members) => self.look_at_members(field, schema, members, found),
                Value::Array(items) => self.look_at_items(field, schema, items, found),
                _ => {}
            }
        }
    }

    fn named(&self, schema: &Value) -> Option<&Value> {
        self.0.get(schema["$ref"].as_str()?.rsplit('/').next()?)
    }

    fn look_at_members(
        &self,
        field: &str,
        schema: &Value,
        members: &Map<String, Value>,
        found: &mut Vec<FieldError>,
    ) {
        let path = |name: &str| match field {
            "" => name.to_owned(),
            _ => format!("{field}.{name}"),
        };
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| !members.contains_key(*name)) {
            found.push(FieldError::new(path(name), "required"));
        }
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = members.get(name) {
                self.look(&path(name), schema, value, found);
            }
        }
    }

    fn look_at_items(&self, field: &str, schema: &Value, items: &[Value], found: &mut Vec<FieldError>) {
        for (index, item) in items.iter().enumerate() {
            if found.len() >= MOST {
                return;
            }
            self.look(&format!("{field}[{index}]"), &schema["items"], item, found);
        }
    }
}

/// Of several forms the one that is meant: that of the action, or the one that is not `null`. None where nothing is to be said.
fn form_of<'a>(forms: &'a [Value], value: &Value) -> Option<&'a Value> {
    let is_null = |form: &&Value| form["type"] == "null";
    let is_tagged = |form: &&Value| form["properties"][TAG]["enum"][0] == value[TAG] && !value[TAG].is_null();
    match value {
        Value::Null if forms.iter().any(|form| is_null(&form)) => None,
        _ => forms.iter().find(is_tagged).or_else(|| forms.iter().find(|form| !is_null(form))),
    }
}

/// What is wrong with the value itself, whatever is in it.
fn fault(field: &str, schema: &Value, value: &Value) -> Option<FieldError> {
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => Vec::from_iter(one.as_str()),
    };
    if value.is_null() {
        let may_be = types.is_empty() || types.contains(&"null");
        return (!may_be).then(|| FieldError::new(field, "required"));
    }
    if let Some(values) = schema["enum"].as_array() {
        return (!values.contains(value)).then(|| choose_one(field, values.iter().filter_map(Value::as_str)));
    }
    let (fits, reason) = match (*types.iter().find(|name| **name != "null")?, schema["format"].as_str()) {
        ("string", Some("uuid")) => (is_text(value, |text| Uuid::parse_str(text).is_ok()), "no_id"),
        ("string", Some("date-time")) => {
            (is_text(value, |text| text.parse::<Timestamp>().is_ok()), "no_time")
        }
        ("string", _) => (value.is_string(), "no_text"),
        ("boolean", _) => (value.is_boolean(), "no_switch"),
        ("integer", _) => (value.is_i64() || value.is_u64(), "no_number"),
        ("array", _) => (value.is_array(), "no_list"),
        ("object", _) => (value.is_object(), "no_object"),
        _ => return None,
    };
    (!fits).then(|| FieldError::new(field, reason))
}

fn is_text(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(fits)
}

/// None of the values that there are for the field.
pub fn choose_one<'a>(field: &str, values: impl IntoIterator<Item = &'a str>) -> FieldError {
    let values: Vec<&str> = values.into_iter().collect();
    FieldError::new(field, "choose_one").with("values", values.join(", "))
}

#[cfg(test)]
mod tests {
    use charla_protocol::{
        actions::ClientFrame,
        invites::CreateInvite,
        messages::SendMessage,
        rooms::{CreateRoom, UpdatePreferences},
        users::UpdateMe,
    };
    use serde_json::json;

    use super::*;

    const ID: &str = "0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e";

    /// The fields with the reasons, in the order of their names.
    fn found<T: ToSchema>(body: Value) -> Vec<(String, &'static str)> {
        let mut found: Vec<_> =
            faults::<T>(&body).into_iter().map(|error| (error.field, error.reason)).collect();
        found.sort();
        found
    }

    fn expected(rows: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        rows.iter().map(|(field, reason)| ((*field).to_owned(), *reason)).collect()
    }

    #[test]
    fn all_that_is_wrong_is_named() {
        let body = json!({"name": 1, "visibility": "open", "topic": [], "history": null, "participants": [ID, "x", 1], "more": 1});
        let rows = [
            ("name", "no_text"),
            ("participants[1]", "no_id"),
            ("participants[2]", "no_id"),
            ("room_type", "required"),
            ("topic", "no_text"),
            ("visibility", "choose_one"),
        ];
        assert_eq!(found::<CreateRoom>(body), expected(&rows));
        let body = json!({"settings": {"direct_messages": 1, "show_last_seen": "yes", "send_read_receipts": null}, "language": "fr", "bio": null});
        let rows = [
            ("language", "choose_one"),
            ("settings.direct_messages", "choose_one"),
            ("settings.send_read_receipts", "required"),
            ("settings.show_last_seen", "no_switch"),
        ];
        assert_eq!(found::<UpdateMe>(body), expected(&rows));
        let body = json!({"muted_until": "tomorrow", "pinned": 0, "notify": null});
        let rows = [("muted_until", "no_time"), ("notify", "required"), ("pinned", "no_switch")];
        assert_eq!(found::<UpdatePreferences>(body), expected(&rows));
        assert_eq!(found::<CreateInvite>(json!({"max_uses": 1.5})), expected(&[("max_uses", "no_number")]));
        assert_eq!(found::<UpdateMe>(json!({"settings": []})), expected(&[("settings", "no_object")]));
    }

    #[test]
    fn what_is_of_its_form_is_not_named() {
        let body = json!({"room": ID, "content": null, "message_type": null, "reply_to_id": ID, "attachment_ids": [ID], "client_id": null});
        assert_eq!(found::<SendMessage>(body), expected(&[]));
    }

    #[test]
    fn the_values_that_there_are_stand_beside_the_field() {
        let faults = faults::<UpdatePreferences>(&json!({"notify": "some"}));
        assert_eq!(faults[0].args, [("values", "all, mentions, nothing".to_owned())]);
    }

    #[test]
    fn a_frame_is_held_against_its_action() {
        for (frame, rows) in [
            (json!({"action": "typing"}), &[("is_typing", "required")][..]),
            (
                json!({"action": "edit_message", "message_id": "x", "room_id": 1, "client_id": 2}),
                &[
                    ("client_id", "no_text"),
                    ("content", "required"),
                    ("message_id", "no_id"),
                    ("room_id", "no_id"),
                ],
            ),
            (json!({"action": "send_message", "message_type": "system"}), &[("message_type", "choose_one")]),
            (json!({"action": "mark_read", "message_ids": ID}), &[("message_ids", "no_list")]),
            (json!({"action": "ping", "message_ids": ID}), &[]),
            (json!({"action": "focus", "room_id": null}), &[]),
        ] {
            assert_eq!(found::<ClientFrame>(frame.clone()), expected(rows), "{frame}");
        }
    }

    #[test]
    fn a_long_list_of_faults_has_an_end() {
        let body = json!({"room": ID, "attachment_ids": vec![1; 10_000]});
        assert_eq!(faults::<SendMessage>(&body).len(), MOST);
    }
}
