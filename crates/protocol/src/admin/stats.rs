//! How much there is, and how much there was day by day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /api/v1/admin/stats/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    pub now: StatsNow,
    /// The latest day last: today, which is not over. A day on which the server was never up is left out.
    pub days: Vec<StatsDay>,
}

/// What there is. All but `sockets` is up to a minute old.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsNow {
    /// Accounts in use.
    pub people: u64,
    /// Of them, who was here today.
    pub people_active_day: u64,
    /// Groups and direct rooms.
    pub rooms: u64,
    pub messages: u64,
    /// Files in messages.
    pub uploads: u64,
    pub upload_bytes: u64,
    /// On all nodes.
    pub sockets: u64,
}

/// A day, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsDay {
    /// `YYYY-MM-DD`
    #[schema(format = Date)]
    pub date: String,
    pub people_new: u64,
    /// Who was here.
    pub people_active: u64,
    /// That were written.
    pub messages: u64,
    pub uploads: u64,
    pub upload_bytes: u64,
    /// Most sockets at the same time, on all nodes.
    pub sockets_peak: u64,
    /// Requests that failed for the server's fault.
    pub errors: u64,
}
