//! Throw-away PostgreSQL, MariaDB, Redis, S3 and mail servers for tests and benchmarks.
//!
//! Each listens on a free port of the loopback address and keeps its data in a temporary folder, in memory where
//! there is room. Nothing of them outlives the process that started them. All calls block: a server takes a second
//! or three to start. A [`Proxy`] stands before any of them, and makes the network worse.
//!
//! ```no_run
//! use charla_services::{Options, Postgres};
//!
//! let mut postgres = Postgres::start(&Options { durable: true })?;
//! println!("{}", postgres.url());
//! postgres.kill()?;
//! postgres.restart()?;
//! # Ok::<(), anyhow::Error>(())
//! ```

pub mod certificate;
mod folder;
mod keeper;
mod mariadb;
mod port;
mod postgres;
mod postgres_pair;
mod programs;
mod proxy;
mod redis;
mod s3;
mod server;
mod services;
mod smtp;

pub use mariadb::{MariaDb, MariaDbKind};
pub use port::Port;
pub use postgres::{Postgres, PostgresKind};
pub use postgres_pair::PostgresPair;
pub use proxy::{Cut, Passage, Proxy, Weather};
pub use redis::{
    ClusterNodeKind, ClusterOf, LockedRedis, LockedRedisKind, Redis, RedisCluster, RedisKind, RedisSentinels,
    SecureClusterNodeKind, SecureMemberKind, SecureRedis, SecureRedisCluster, SecureRedisKind,
    SecureRedisSentinels, SecureSentinelKind, SentinelKind, SentinelsOf, Told,
};
pub use s3::{S3, S3Kind};
pub use server::{Kind, Server};
pub use services::{Service, Services};
pub use smtp::{SecureSmtp, SecureSmtpKind, Smtp, SmtpKind};

/// How to run the servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Keep what is committed whatever happens, at the price of waiting for the disk, as in production. Without it
    /// a commit waits for nothing, and a crash may lose it.
    pub durable: bool,
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
