//! What can be chosen.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};

/// Open files besides the sockets: databases, logs, pipes.
const OTHER_FILES: u64 = 256;

/// Measures a Charla server, and in the same run the limits of this machine.
#[derive(Debug, Parser)]
#[command(name = "charla-bench", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) mode: Option<Mode>,
    /// Scenarios to run; all of them unless said otherwise.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Scenario>,
    /// How often each figure is measured.
    #[arg(long, default_value_t = 5, value_parser = RangedU64ValueParser::<usize>::new().range(1..=50))]
    pub(crate) repeats: usize,
    /// Seconds that one measurement of a throughput lasts.
    #[arg(long, default_value_t = 2, value_parser = RangedU64ValueParser::<u64>::new().range(1..=60))]
    pub(crate) seconds: u64,
    /// Direct rooms whose two people talk at once.
    #[arg(long, default_value_t = 100, value_parser = RangedU64ValueParser::<usize>::new().range(1..=100))]
    pub(crate) pairs: usize,
    /// Sends of one socket without an answer at a time.
    #[arg(long, default_value_t = 16, value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    pub(crate) window: usize,
    /// Sockets in the large room.
    #[arg(long, default_value_t = 1_000, value_parser = RangedU64ValueParser::<usize>::new().range(2..=10_000))]
    pub(crate) room: usize,
    /// Idle sockets whose memory is weighed.
    #[arg(long, default_value_t = 2_000, value_parser = RangedU64ValueParser::<usize>::new().range(200..=10_000))]
    pub(crate) idle: usize,
    /// Messages to search in, in each database: SQLite, and those that `with-services` has started.
    #[arg(long, default_value_t = 50_000, value_parser = RangedU64ValueParser::<u64>::new().range(1_000..=10_000_000))]
    pub(crate) search: u64,
    /// Also writes the figures to this file.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// The server's program; `charla` beside this one unless said otherwise.
    #[arg(long)]
    pub(crate) server: Option<PathBuf>,
    /// A folder on a disk, in which a throw-away one is made.
    #[arg(long)]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Mode {
    /// The writer of the sockets' baseline: started by the program itself.
    #[command(hide = true)]
    RawWriter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// From a send on an idle server to its answer.
    Latency,
    /// Messages stored through both doors.
    Durable,
    /// A message to everybody in a large room.
    Room,
    /// Memory of idle sockets.
    Idle,
    /// Searching many messages.
    Search,
}

impl Options {
    pub(crate) fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_empty() || self.only.contains(&scenario)
    }

    /// How long one measurement of a throughput lasts.
    pub(crate) fn measure_for(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// The sockets of the larger scenario (the room has as many again for its baseline), and some files.
    pub(crate) fn open_files(&self) -> u64 {
        (2 * self.room).max(self.idle) as u64 + OTHER_FILES
    }

    /// Far more than a run takes: nothing may hang for ever.
    pub(crate) fn time_limit(&self) -> Duration {
        let repeats = u32::try_from(self.repeats).unwrap_or(u32::MAX);
        let searching = Duration::from_millis(2 * self.search);
        Duration::from_secs(120) + searching + (self.measure_for() * 12 + Duration::from_secs(20)) * repeats
    }
}
