//! What can be chosen.

use std::path::PathBuf;

use charla_testing::DatabaseKind;
use clap::{Args, Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};

use crate::{forge::Plant, nemesis::Fault};

/// Breaks a Charla cluster in every way, and proves that no message is lost, doubled or out of order.
#[derive(Debug, Parser)]
#[command(name = "charla-chaos", version, subcommand_negates_reqs = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) measure: Option<Measure>,
    #[command(flatten)]
    pub(crate) run: RunOptions,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RunOptions {
    #[arg(long, value_enum, default_value_t = Database::Sqlite, global = true)]
    pub(crate) database: Database,
    /// With more than one, the nodes talk through Redis. SQLite has one.
    #[arg(long, default_value_t = 1, value_parser = RangedU64ValueParser::<usize>::new().range(1..=3), global = true)]
    pub(crate) nodes: usize,
    /// How long things are broken; starting, mending and checking come besides.
    #[arg(long, default_value_t = 60, value_parser = RangedU64ValueParser::<u64>::new().range(1..=3_600))]
    pub(crate) seconds: u64,
    /// Of the plan of faults and acts.
    #[arg(long, default_value_t = 2026, global = true)]
    pub(crate) seed: u64,
    /// Faults to choose from; all but `failover`, which needs a second server, unless said otherwise.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) faults: Option<Vec<Fault>>,
    /// Breaks the promise between the clients and the nodes, which has to be found: a round of its own for each of these, on one
    /// cluster.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) plant: Vec<Plant>,
    /// Several nodes that do not hear of each other: their clients learn of it when they come back.
    #[arg(long, global = true)]
    pub(crate) without_redis: bool,
    /// Prints the plan of faults, and does nothing.
    #[arg(long)]
    pub(crate) plan: bool,
    /// Where the history and the nodes' logs go where something is found; a fresh temporary folder unless said otherwise.
    #[arg(long)]
    pub(crate) keep: Option<PathBuf>,
    /// The server's program; `charla` beside this one unless said otherwise.
    #[arg(long, global = true)]
    pub(crate) server: Option<PathBuf>,
}

impl RunOptions {
    /// The same with so many nodes; with more than one, PostgreSQL takes the place of SQLite.
    pub(crate) fn of_nodes(&self, nodes: usize) -> Self {
        let is_file = self.database == Database::Sqlite;
        let database = if nodes > 1 && is_file { Database::Postgres } else { self.database };
        Self { nodes, database, ..self.clone() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    #[value(name = "mariadb")]
    MariaDb,
}

impl From<Database> for DatabaseKind {
    fn from(database: Database) -> Self {
        match database {
            Database::Sqlite => Self::Sqlite,
            Database::Postgres => Self::Postgres,
            Database::MariaDb => Self::MariaDb,
        }
    }
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Measure {
    /// A connection that swallows everything: client and node find out within a minute each.
    HalfOpen,
    /// Redis is away: messages cross nodes within 2 s all the time, and live again within 5 s of its return.
    RedisAway {
        /// How long it is away.
        #[arg(long, default_value_t = 75)]
        seconds: u64,
    },
    /// A node is restarted: down within 10 s, its sockets all back within 30 s of its return; and its highest memory.
    Reconnect {
        #[arg(long, default_value_t = 10_000, value_parser = RangedU64ValueParser::<usize>::new().range(1..=15_000))]
        sockets: usize,
    },
    /// A thousand wrong passwords a second, from one address and then from many: everybody else signs in within a second.
    SignInAttack {
        /// Of each of the two.
        #[arg(long, default_value_t = 20, value_parser = RangedU64ValueParser::<u64>::new().range(1..=600))]
        seconds: u64,
    },
    /// Two nodes behind one address are restarted one after the other, down within 10 s each: no user sees a gap of more
    /// than 2 s, nor misses anything.
    Rolling {
        #[arg(long, default_value_t = 40, value_parser = RangedU64ValueParser::<usize>::new().range(2..=1_000))]
        users: usize,
    },
}
