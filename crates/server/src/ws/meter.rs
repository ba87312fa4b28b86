//! What the sockets of a node have been told, and what they have asked for.
//!
//! What goes to many sockets is counted once for all of them; what a socket writes is counted by thread, beside a call into the
//! kernel.

use charla_metrics::{Counter, Kind, Text};
use charla_protocol::actions::Action;

use super::hub::{Door, Hub};

/// The place of what was no action, after those of all actions.
const MALFORMED: usize = Action::NAMES.len();

/// What a node has counted of its sockets.
#[derive(Debug, Default)]
pub struct Meter {
    accounts: Comings,
    rooms: Comings,
    /// Events handed to outboxes: one for each socket.
    pub(super) delivered: Counter,
    frames: Counter,
    bytes: Counter,
    /// Queues that were dropped because a socket was too slow.
    pub(super) overflows: Counter,
    /// Sockets that were told to resync because something was lost on the way here.
    pub(super) losses: Counter,
    actions: [Counter; MALFORMED + 1],
    pub(super) repairs: Repaired,
}

/// Sockets of one door.
#[derive(Debug, Default)]
struct Comings {
    opened: Counter,
    closed: Counter,
}

/// Gaps in timelines that were looked at.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    /// All that was missing was told.
    pub(super) filled: Counter,
    /// It was too much: the followers were told to resync.
    pub(super) skipped: Counter,
    /// The database could not be asked.
    pub(super) failed: Counter,
}

impl Meter {
    fn of(&self, door: Door) -> &Comings {
        match door {
            Door::Account => &self.accounts,
            Door::Room(_) => &self.rooms,
        }
    }

    pub(super) fn opened(&self, door: Door) {
        self.of(door).opened.increment();
    }

    pub(super) fn closed(&self, door: Door) {
        self.of(door).closed.increment();
    }

    /// The kernel has taken so many bytes, and with them the end of so many frames.
    pub(super) fn wrote(&self, frames: usize, bytes: usize) {
        if bytes > 0 {
            self.frames.add(frames as u64);
            self.bytes.add(bytes as u64);
        }
    }

    /// A socket has asked for this, or for nothing that there is.
    pub(super) fn asked(&self, action: Option<&Action>) {
        let place = action.and_then(|action| Action::NAMES.iter().position(|name| *name == action.name()));
        self.actions[place.unwrap_or(MALFORMED)].increment();
    }
}

impl Hub {
    /// What the sockets have been told and have asked for, and how many there are.
    pub fn expose(&self, text: &mut Text) {
        let meter = &self.meter;
        let doors = [("account", &meter.accounts), ("room", &meter.rooms)];
        let name = "charla_websocket_connections";
        text.head(name, Kind::Gauge, "Live sockets.");
        for (door, comings) in doors {
            // Read in this order, so that no socket is closed that was not opened.
            let closed = comings.closed.value();
            text.value(name, &[("door", door)], comings.opened.value().saturating_sub(closed));
        }
        let name = "charla_websocket_opened_total";
        text.head(name, Kind::Counter, "Sockets that have come.");
        for (door, comings) in doors {
            text.value(name, &[("door", door)], comings.opened.value());
        }
        let (accounts, rooms) = self.sizes();
        text.gauge("charla_accounts_connected", "Accounts with a live socket here.", accounts);
        text.gauge("charla_rooms_followed", "Rooms that a socket here follows.", rooms);
        let name = "charla_websocket_actions_total";
        text.head(name, Kind::Counter, "What sockets have asked for.");
        for (action, count) in Action::NAMES.into_iter().chain(["malformed"]).zip(&meter.actions) {
            text.value(name, &[("action", action)], count.value());
        }
        for (name, help, counter) in [
            ("charla_events_delivered_total", "Events given to sockets.", &meter.delivered),
            ("charla_websocket_frames_written_total", "Frames written to sockets.", &meter.frames),
            ("charla_websocket_written_bytes_total", "Bytes written to sockets.", &meter.bytes),
        ] {
            text.counter(name, help, counter.value());
        }
        let name = "charla_websocket_resyncs_total";
        text.head(
            name,
            Kind::Counter,
            "Sockets told to catch up: slow themselves, or something was lost on the way here.",
        );
        text.value(name, &[("reason", "slow")], meter.overflows.value());
        text.value(name, &[("reason", "lost")], meter.losses.value());
        let name = "charla_timeline_repairs_total";
        text.head(name, Kind::Counter, "Gaps in timelines that were looked up in the database.");
        text.value(name, &[("outcome", "filled")], meter.repairs.filled.value());
        text.value(name, &[("outcome", "resync")], meter.repairs.skipped.value());
        text.value(name, &[("outcome", "failed")], meter.repairs.failed.value());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_place() {
        let meter = Meter::default();
        for (place, name) in Action::NAMES.iter().enumerate() {
            let frame = serde_json::json!({ "action": name, "is_typing": true, "emoji": "x", "content": "x",
                "message_id": uuid::Uuid::nil(), "message_ids": [] });
            let action: Action = serde_json::from_value(frame).unwrap();
            meter.asked(Some(&action));
            assert_eq!(meter.actions[place].value(), 1, "{name}");
        }
        meter.asked(None);
        assert_eq!(meter.actions[MALFORMED].value(), 1);
    }
}
