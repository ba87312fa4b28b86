//! What the task and its handles share.

use std::{collections::HashMap, sync::Arc};

use charla_protocol::{RoomId, events::ServerFrame};
use parking_lot::Mutex;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::sync::{broadcast, watch};

use super::Status;
use crate::{Client, Gap, RoomTimeline};

/// Frames that a receiver of [`LiveClient::frames`](super::LiveClient::frames) may lag behind.
const FRAMES_KEPT: usize = 1_024;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) client: Client,
    /// Locked for moments, never across an await.
    pub(super) rooms: Mutex<HashMap<RoomId, RoomTimeline>>,
    pub(super) version: watch::Sender<u64>,
    pub(super) status: watch::Sender<Status>,
    pub(super) frames: broadcast::Sender<Arc<ServerFrame>>,
    pub(super) random: Mutex<StdRng>,
}

impl Shared {
    pub(super) fn new(client: Client, seed: Option<u64>) -> Self {
        Self {
            client,
            rooms: Mutex::default(),
            version: watch::Sender::default(),
            status: watch::Sender::default(),
            frames: broadcast::Sender::new(FRAMES_KEPT),
            random: Mutex::new(StdRng::seed_from_u64(seed.unwrap_or_else(rand::random))),
        }
    }

    /// What a room lacks, and whether anything of it has been loaded; none where it is current, or not kept.
    pub(super) fn gap(&self, room: RoomId) -> Option<(Gap, bool)> {
        let rooms = self.rooms.lock();
        let timeline = rooms.get(&room)?;
        Some((timeline.gap()?, timeline.is_loaded()))
    }

    /// Wakes everybody who waits for a condition.
    pub(super) fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }

    pub(super) fn set_status(&self, status: Status) {
        self.status.send_replace(status);
        self.changed();
    }

    /// A name for one send that nobody else uses.
    pub(super) fn new_client_id(&self) -> String {
        let bytes = self.random.lock().random();
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}
