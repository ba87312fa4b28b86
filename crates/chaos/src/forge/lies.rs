//! What the forger makes of each frame.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Plant;

/// One frame of so many is forged.
const EVERY: u32 = 12;

pub(super) struct Liar {
    plant: Plant,
    /// Frames that could have been forged.
    seen: u32,
    /// The event that is held back.
    held: Option<String>,
}

impl Liar {
    pub(super) fn new(plant: Plant) -> Self {
        Self { plant, seen: 0, held: None }
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
    pub(super) fn pass(&mut self, text: &str) -> Vec<String> {
        let honest = || vec![text.to_owned()];
        let Ok(mut frame) = serde_json::from_str::<Value>(text) else { return honest() };
        if let Some(held) = self.held.take() {
            return vec![text.to_owned(), held];
        }
        let kind = if self.plant == Plant::Undeleted { "message_deleted" } else { "message" };
        // Deletions are few.
        if frame["type"] != kind || (kind == "message" && !self.is_due()) {
            return honest();
        }
        match self.plant {
            Plant::EarlyAck => honest(),
            Plant::SkippedNumber => {
                raise(&mut frame);
                vec![frame.to_string()]
            }
            Plant::Doubled => {
                raise(&mut frame);
                frame["data"]["id"] = json!(Uuid::new_v4());
                vec![text.to_owned(), frame.to_string()]
            }
            Plant::Swapped => {
                self.held = Some(text.to_owned());
                Vec::new()
            }
            Plant::Undeleted => {
                frame["data"]["content"] = json!("it is still there");
                vec![frame.to_string()]
            }
        }
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
