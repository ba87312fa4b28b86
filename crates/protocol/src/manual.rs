//! Sees to it that the examples of `docs/realtime.md` are frames as they are, and that none lacks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    actions::{Action, ClientFrame},
    events::{Event, ServerFrame},
};

const MANUAL: &str = include_str!("../../../docs/realtime.md");

/// The values of all JSON blocks, in their order.
fn examples() -> Vec<Value> {
    let blocks = MANUAL.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks
        .flat_map(|block| serde_json::Deserializer::from_str(block).into_iter())
        .map(Result::unwrap)
        .collect()
}

/// The members of an example stand in what is read from it, with their values.
fn assert_within(example: &Value, read: &Value) {
    for (name, value) in example.as_object().unwrap() {
        // A `room_id` that is null is left out by who writes none.
        let known = read.get(name).unwrap_or(&Value::Null);
        assert_eq!(known, value, "{name} of {example}");
    }
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::Hello(_) => "hello",
        Event::Message(_) => "message",
        Event::MessageEdited(_) => "message_edited",
        Event::MessageDeleted(_) => "message_deleted",
        Event::Reaction(_) => "reaction",
        Event::Typing(_) => "typing",
        Event::MessagesRead(_) => "messages_read",
        Event::UserStatus(_) => "user_status",
        Event::Ack(_) => "ack",
        Event::Error(_) => "error",
        Event::Pong(_) => "pong",
        Event::Resync(_) => "resync",
        Event::RoomUpdated(_) => "room_updated",
        Event::RoomAdded(_) => "room_added",
        Event::RoomRemoved(_) => "room_removed",
        Event::ReadState(_) => "read_state",
        Event::ProfileUpdated(_) => "profile_updated",
        Event::FriendRequest(_) => "friend_request",
        Event::Friendship(_) => "friendship",
        Event::Draft(_) => "draft",
    }
}

/// As many as `name` has lines.
const EVENTS: usize = 20;

#[test]
fn the_examples_of_the_manual_are_frames_and_none_lacks() {
    let (mut actions, mut events) = (BTreeSet::new(), BTreeSet::new());
    for example in examples() {
        if example.get("action").is_some() {
            let frame: ClientFrame = serde_json::from_value(example.clone()).unwrap();
            assert_within(&example, &serde_json::to_value(&frame).unwrap());
            actions.insert(frame.action.name());
        } else {
            let frame: ServerFrame = serde_json::from_value(example.clone()).unwrap();
            assert_eq!(serde_json::to_value(&frame).unwrap(), example);
            assert_eq!(example["type"], name(&frame.event));
            events.insert(name(&frame.event));
        }
    }
    assert_eq!(actions, BTreeSet::from(Action::NAMES));
    assert_eq!(events.len(), EVENTS, "{events:?}");
}

/// The table names each as well.
#[test]
fn the_tables_of_the_manual_name_each_too() {
    let (tables, _) = MANUAL.split_once("## An example of each").unwrap();
    let rows: String = tables.lines().filter(|line| line.starts_with('|')).collect();
    let events = examples().into_iter().filter_map(|frame| frame["type"].as_str().map(str::to_owned));
    for name in events.chain(Action::NAMES.map(str::to_owned)) {
        assert!(rows.contains(&format!("`{name}`")), "{name}");
    }
}
