//! What is broken, when, and for how long.

mod apply;
mod plan;

use clap::ValueEnum;

pub(crate) use self::{
    apply::{heal, unleash},
    plan::{Plan, Step},
};
use crate::{
    cluster::{Clock, Disk},
    options::{Database, RunOptions},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Fault {
    /// `kill -9` of a node, which is started again.
    Kill,
    /// SIGSTOP of a node, and SIGCONT.
    Pause,
    /// SIGTERM of a node, which is started again.
    Term,
    /// A node's wall clock minutes fast or slow.
    Clock,
    /// `kill -9` of the database server, which is started again on the same data.
    DatabaseKill,
    /// SIGSTOP of the database server.
    DatabasePause,
    /// The database's primary ends for good, and its replica takes its place. Where it is asked for.
    Failover,
    /// No room is left where the database is.
    Disk,
    /// `kill -9` of Redis, which is started again, empty.
    RedisKill,
    /// SIGSTOP of Redis.
    RedisPause,
    /// FLUSHALL, and all its clients are turned out.
    RedisFlush,
    /// All connections of a way end, by RST or FIN.
    Cut,
    /// A way takes long, and carries little.
    Slow,
    /// Nothing passes on a way, and nobody is told.
    Hole,
    /// The connections of a way are dead, and neither end is told; new ones are well.
    Vanish,
    /// The connections of a way are reset in the middle of a frame.
    Tear,
}

impl Fault {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it befalls a way between two, rather than a process.
    pub(crate) fn is_of_a_way(self) -> bool {
        matches!(self, Self::Cut | Self::Slow | Self::Hole | Self::Vanish | Self::Tear)
    }

    /// Why it can't be, where it can't.
    pub(crate) fn missing(self, options: &RunOptions) -> Option<&'static str> {
        let is_file = options.database == Database::Sqlite;
        let has_redis = options.nodes > 1 && !options.without_redis;
        match self {
            Self::DatabaseKill | Self::DatabasePause if is_file => Some("SQLite is no server"),
            Self::RedisKill | Self::RedisPause | Self::RedisFlush if !has_redis => Some("there is no Redis"),
            Self::Failover if options.database != Database::Postgres => {
                Some("PostgreSQL alone has a replica here")
            }
            Self::Clock if !Clock::is_available() => Some("libfaketime is not installed"),
            Self::Disk if !Disk::is_available() => Some("mounting is not permitted"),
            _ => None,
        }
    }
}
