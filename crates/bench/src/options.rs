//! What can be chosen.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};

/// Open files besides the sockets: databases, logs, pipes.
const OTHER_FILES: u64 = 256;
/// Sockets that an account may have on a node: what 200 accounts have together bounds all scenarios.
const MOST_SOCKETS: u64 = 20_000;

/// Measures a Charla server, and in the same run the limits of this machine.
#[derive(Debug, Parser)]
#[command(name = "charla-bench", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) mode: Option<Mode>,
    /// Scenarios to run; all of them unless said otherwise.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Scenario>,
    /// Small numbers and one repeat, to see that everything works: the figures say little.
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often each figure is measured.
    #[arg(long, default_value_t = 5, value_parser = RangedU64ValueParser::<usize>::new().range(1..=50))]
    pub(crate) repeats: usize,
    /// Seconds that one measurement of a throughput lasts.
    #[arg(long, default_value_t = 2, value_parser = RangedU64ValueParser::<u64>::new().range(1..=60))]
    pub(crate) seconds: u64,
    /// Seconds to wait for a quiet machine before each scenario.
    #[arg(long, default_value_t = 300)]
    pub(crate) patience: u64,
    /// Direct rooms whose two people talk at once.
    #[arg(long, default_value_t = 100, value_parser = RangedU64ValueParser::<usize>::new().range(10..=100))]
    pub(crate) pairs: usize,
    /// Sends of one socket without an answer at a time.
    #[arg(long, default_value_t = 16, value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    pub(crate) window: usize,
    /// Sockets in the large room.
    #[arg(long, default_value_t = 1_000, value_parser = RangedU64ValueParser::<usize>::new().range(20..=5_000))]
    pub(crate) room: usize,
    /// How many idle sockets are weighed, from few to many.
    #[arg(long, value_delimiter = ',', default_value = "1000,5000,10000,19000",
        value_parser = RangedU64ValueParser::<usize>::new().range(200..=MOST_SOCKETS))]
    pub(crate) idle: Vec<usize>,
    /// Messages to search in, in each database: SQLite, and those that `with-services` has started.
    #[arg(long, default_value_t = 200_000, value_parser = RangedU64ValueParser::<u64>::new().range(1_000..=10_000_000))]
    pub(crate) search: u64,
    /// Messages of the server whose start is timed.
    #[arg(long, default_value_t = 1_000_000, value_parser = RangedU64ValueParser::<u64>::new().range(1_000..=10_000_000))]
    pub(crate) start: u64,
    /// Seconds of ten times the load that can be taken.
    #[arg(long, default_value_t = 60, value_parser = RangedU64ValueParser::<u64>::new().range(2..=600))]
    pub(crate) overload: u64,
    /// Up to how many members a room grows.
    #[arg(long, default_value_t = 10_000, value_parser = RangedU64ValueParser::<u64>::new().range(100..=10_000))]
    pub(crate) members: u64,
    /// Up to how many rooms a server grows.
    #[arg(long, default_value_t = 100_000, value_parser = RangedU64ValueParser::<u64>::new().range(100..=100_000))]
    pub(crate) rooms: u64,
    /// Up to how many messages a room grows.
    #[arg(long, default_value_t = 1_000_000, value_parser = RangedU64ValueParser::<u64>::new().range(10_000..=10_000_000))]
    pub(crate) messages: u64,
    /// Also writes the figures to this file.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// Also writes `performance.md` and its plots into this folder.
    #[arg(long)]
    pub(crate) write: Option<PathBuf>,
    /// The server's program; `charla` beside this one unless said otherwise.
    #[arg(long)]
    pub(crate) server: Option<PathBuf>,
    /// A folder on a disk, in which a throw-away one is made.
    #[arg(long)]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Mode {
    /// Writes the page from what several runs have left in `--json`; a later file's scenarios replace an earlier one's.
    Page {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder of `performance.md`.
        #[arg(long)]
        into: PathBuf,
    },
    /// The writer of the sockets' baseline: started by the program itself.
    #[command(hide = true)]
    RawWriter,
    /// The server of the pages' baseline: the same.
    #[command(hide = true)]
    RawHttp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Memory of idle sockets, and what it takes to open them.
    Idle,
    /// From a send on an idle server to its answer.
    Latency,
    /// Messages stored through both doors.
    Durable,
    /// A message to everybody in a large room.
    Room,
    /// A message to a hundred, and ten authors at once.
    Hundred,
    /// What compressing costs and saves.
    Deflate,
    /// Pages of a room's history.
    History,
    /// Ten times the load that can be taken.
    Overload,
    /// Messages stored in PostgreSQL and MariaDB.
    Databases,
    /// Two nodes over Redis.
    Nodes,
    /// What is to cost the same whatever has grown.
    Growth,
    /// From the start to being ready, and what an idle server takes.
    Start,
    /// Searching many messages.
    Search,
}

impl Scenario {
    /// As on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl Options {
    /// As they were chosen, with small numbers in place of the others where `--quick` says so.
    pub(crate) fn chosen() -> Self {
        let options = Self::parse();
        if !options.quick {
            return options;
        }
        Self {
            repeats: 1,
            seconds: 1,
            patience: 0,
            pairs: 20,
            room: 200,
            idle: vec![500, 1_000],
            search: 2_000,
            start: 10_000,
            overload: 3,
            members: 100,
            rooms: 100,
            messages: 10_000,
            ..options
        }
    }

    pub(crate) fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_empty() || self.only.contains(&scenario)
    }

    /// How long one measurement of a throughput lasts.
    pub(crate) fn measure_for(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// The sockets of the largest scenario (the room has as many again for its baseline), and some files.
    pub(crate) fn open_files(&self) -> u64 {
        let idle = self.idle.iter().max().copied().unwrap_or_default();
        let idle = if self.wants(Scenario::Idle) { idle } else { 0 };
        (2 * self.room).max(idle) as u64 + OTHER_FILES
    }
}
