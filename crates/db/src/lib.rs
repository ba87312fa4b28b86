//! The one crate that knows SQL: tables, migrations, queries, and the commit lanes through which a room's timeline is written.
//!
//! Only `dialect` may ask which database it is.

pub mod clock;
mod columns;
mod dialect;
mod error;
pub mod fold;
pub mod html;
pub mod inspect;
pub mod lanes;
mod lists;
mod meter;
mod migration;
pub mod notice;
mod pair;
mod patience;
pub mod queries;
mod reach;
pub mod records;
pub mod search;
pub mod tables;

use std::{sync::Arc, time::Duration};

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};
use sea_orm_migration::MigratorTrait;
use tokio::time::timeout;

pub use error::{Error, Result};
pub use lanes::Lanes;
pub use meter::Meter;
pub use notice::Notice;
pub use pair::Pair;
pub use patience::{briefly, in_time, persistently};
pub use reach::{Unreachable, others, reach};
pub use sea_orm::{ConnectionTrait as Connection, DatabaseTransaction as Transaction};

/// How long a database may take to say that it is there.
const PING: Duration = Duration::from_secs(5);

/// The names of all migrations that there are, in their order.
pub fn migrations() -> Vec<String> {
    migration::Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// A database, with its pools for reading and writing.
#[derive(Clone, Debug)]
pub struct Db {
    write: DatabaseConnection,
    read: DatabaseConnection,
    meter: Arc<Meter>,
}

impl Db {
    /// Connects to `sqlite://path`, `postgres://…` or `mysql://…`, there with at most `max_connections` for reading.
    ///
    /// # Errors
    /// `Unavailable` where the database can't be reached.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let (write, read) = dialect::connect(url, max_connections).await.map_err(Error::Unavailable)?;
        let mut db = Self { write, read, meter: Arc::default() };
        db.watch(|_| {});
        Ok(db)
    }

    /// Where to read.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// `Unavailable` where no connection is to be had.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        Ok(dialect::begin(&self.write).await?)
    }

    /// Begins a transaction that only reads, and sees everything as it is now, whatever is committed meanwhile.
    ///
    /// # Errors
    /// `Unavailable` where no connection is to be had.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        Ok(dialect::snapshot(&self.read).await?)
    }

    /// Ends a snapshot. One that is dropped ends too, but only once its connection is used again, or asked whether it is free.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end(snapshot: DatabaseTransaction) -> Result<()> {
        Ok(snapshot.rollback().await?)
    }

    /// A snapshot for reading much, which goes elsewhere and takes its time: the database does not end it for standing still.
    ///
    /// # Errors
    /// `Unavailable` where no connection is to be had.
    pub async fn snapshot_unhurried(&self) -> Result<DatabaseTransaction> {
        let tx = self.snapshot().await?;
        dialect::unhurry(&tx).await?;
        Ok(tx)
    }

    pub(crate) async fn begin_unhurried(&self) -> Result<DatabaseTransaction> {
        let tx = self.begin().await?;
        dialect::unhurry(&tx).await?;
        Ok(tx)
    }

    /// Applies all migrations that are missing; one node at a time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn migrate(&self) -> Result<()> {
        self.migrate_steps(None).await
    }

    /// Applies the next `steps` migrations, or all that are missing. For upgrade tests.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn migrate_steps(&self, steps: Option<u32>) -> Result<()> {
        let up = || migration::Migrator::up(&self.write, steps);
        if self.write.get_database_backend() == sea_orm::DbBackend::Sqlite {
            return Ok(up().await?);
        }
        let lock = self.begin().await?;
        dialect::lock_migrations(&lock).await?;
        let done = up().await;
        let unlocked = dialect::unlock_migrations(&lock).await;
        let ended = lock.commit().await;
        // What went wrong first says most.
        Ok(done.and(unlocked).and(ended)?)
    }

    /// How many migrations have not been applied yet.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pending_migrations(&self) -> Result<usize> {
        Ok(migration::Migrator::get_pending_migrations(&self.write).await?.len())
    }

    /// The names of the migrations that have been applied, in their order. Changes nothing.
    ///
    /// # Errors
    /// Where the database is of a later version, and those of the database.
    pub async fn applied_migrations(&self) -> Result<Vec<String>> {
        let applied = migration::Migrator::get_applied_migrations_read_only(&self.read).await?;
        Ok(applied.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// From now on, calls `watcher` with the SQL of each statement, in the task that has put it. For tests of what things
    /// cost.
    pub fn watch(&mut self, watcher: impl Fn(&str) + Clone + Send + Sync + 'static) {
        self.meter.attach(&mut self.read, &mut self.write, watcher);
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `Unavailable` where it does not within five seconds.
    pub async fn ping(&self) -> Result<()> {
        let answer = timeout(PING, self.read.ping()).await.map_err(|_| Error::silent())?;
        answer.map_err(Error::Unavailable)
    }

    /// Lets all connections go.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn close(self) -> Result<(), DbErr> {
        self.write.close_by_ref().await?;
        self.read.close_by_ref().await
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    pub(crate) fn backend(&self) -> sea_orm::DbBackend {
        self.write.get_database_backend()
    }
}
