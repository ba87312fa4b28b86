//! What the forger makes of each frame.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Plant;

/// One frame of so many is forged.
const EVERY: u32 = 5;
/// For the next event to come before one that changes places with it.
const SWAP: Duration = Duration::from_millis(400);
/// More than a message may take.
const LATE: Duration = Duration::from_secs(6);

/// What was written in each room from which somebody is away: one message, once there is one.
pub(super) type Secrets = Arc<Mutex<HashMap<String, Option<String>>>>;

pub(super) struct Liar {
    plant: Plant,
    secrets: Secrets,
    /// Frames that could have been forged.
    seen: u32,
}

/// A frame, and when it goes to the client.
pub(super) type Said = (Duration, String);

impl Liar {
    pub(super) fn new(plant: Plant, secrets: Secrets) -> Self {
        Self { plant, secrets, seen: 0 }
    }

    /// The forged answer, where the frame goes no further.
    pub(super) fn answer(&mut self, text: &str) -> Option<String> {
        let frame: Value = serde_json::from_str(text).ok()?;
        if self.plant != Plant::EarlyAck || frame["action"] != "send_message" || !self.is_due() {
            return None;
        }
        let data = json!({
            "client_id": frame["client_id"],
            "id": Uuid::new_v4(),
            "revision": null,
            "created_at": "2026-01-01T00:00:00.000Z",
        });
        Some(json!({ "type": "ack", "room_id": frame["room_id"], "data": data }).to_string())
    }

    /// What the client gets instead.
    pub(super) fn pass(&mut self, text: &str) -> Vec<Said> {
        let said = |text: &str| (Duration::ZERO, text.to_owned());
        let Ok(mut frame) = serde_json::from_str::<Value>(text) else { return vec![said(text)] };
        if !self.is_forged(frame["type"].as_str().unwrap_or_default()) {
            return vec![said(text)];
        }
        match self.plant {
            Plant::EarlyAck | Plant::Undead => vec![said(text)],
            Plant::SkippedNumber => {
                raise(&mut frame);
                vec![said(&frame.to_string())]
            }
            Plant::Doubled => {
                raise(&mut frame);
                frame["data"]["id"] = json!(Uuid::new_v4());
                vec![said(text), said(&frame.to_string())]
            }
            Plant::Swapped => vec![(SWAP, text.to_owned())],
            Plant::Late => vec![(LATE, text.to_owned())],
            Plant::Undeleted => {
                frame["data"]["content"] = json!("it is still there");
                vec![said(&frame.to_string())]
            }
            Plant::Unhidden => self.unhide(text, &frame),
        }
    }

    fn is_forged(&mut self, kind: &str) -> bool {
        match (self.plant, kind) {
            // Deletions are few.
            (Plant::Undeleted, "message_deleted") => true,
            (Plant::Late, "message" | "message_edited" | "message_deleted" | "reaction") => true,
            (Plant::Unhidden, "message" | "room_added" | "room_removed") => true,
            (Plant::SkippedNumber | Plant::Doubled | Plant::Swapped, "message") => self.is_due(),
            _ => false,
        }
    }

    /// Who is told that they are in a room again is told what was written there meanwhile.
    fn unhide(&self, text: &str, frame: &Value) -> Vec<Said> {
        let mut secrets = self.secrets.lock();
        let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let secret = match frame["type"].as_str() {
            Some("room_removed") => {
                secrets.insert(id(&frame["data"]["id"]), None);
                None
            }
            Some("room_added") => secrets.remove(&id(&frame["data"]["id"])).flatten(),
            _ => {
                if let Some(secret) = secrets.get_mut(&id(&frame["room_id"]))
                    && frame["data"]["message_type"] != "system"
                {
                    secret.get_or_insert_with(|| text.to_owned());
                }
                None
            }
        };
        [Some(text.to_owned()), secret].into_iter().flatten().map(|text| (Duration::ZERO, text)).collect()
    }

    fn is_due(&mut self) -> bool {
        self.seen += 1;
        self.seen.is_multiple_of(EVERY)
    }
}

fn raise(frame: &mut Value) {
    for name in ["seq", "revision"] {
        frame["data"][name] = json!(frame["data"][name].as_i64().unwrap_or_default() + 1);
    }
}
