//! The database that all nodes share.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use charla_services::{MariaDb, Options, Postgres, PostgresPair};
use parking_lot::Mutex;
use rustix::process::Signal;
use sea_orm::ConnectionTrait;

use super::address_in;
use crate::{machine, options::Database};

/// What is committed survives the kill of the server: that is what it is for.
const DURABLE: Options = Options { durable: true };

#[derive(Clone, Debug)]
enum Server {
    Postgres(Arc<Mutex<Postgres>>),
    Pair(Arc<Mutex<PostgresPair>>),
    MariaDb(Arc<Mutex<MariaDb>>),
}

/// A file, or a server.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    server: Option<Server>,
    /// Without a proxy.
    url: String,
}

impl Store {
    /// Starts it in `place` where it is to be on a disk of its own, or in two.
    pub(crate) async fn start(kind: Database, place: PathBuf, on_disk: bool, in_two: bool) -> Result<Self> {
        let (server, url) = match kind {
            Database::Sqlite => (None, format!("sqlite://{}", place.join("charla.db").display())),
            _ => {
                let start = move || match in_two {
                    true => Ok(Server::Pair(shared(PostgresPair::start_in(&place, &DURABLE)?))),
                    false => Server::start(kind, on_disk.then_some(place)),
                };
                let server = tokio::task::spawn_blocking(start).await??;
                let url = server.url();
                (Some(server), url)
            }
        };
        let store = Self { server, url };
        store.make_database().await?;
        Ok(store)
    }

    /// Where the server listens; none for a file.
    pub(crate) fn address(&self) -> Result<Option<SocketAddr>> {
        self.server.as_ref().map(|_| address_in(&self.url)).transpose()
    }

    /// The `DATABASE_URL` of a node that gets there through `proxy`.
    pub(crate) fn url_through(&self, proxy: Option<SocketAddr>) -> Result<String> {
        let Some(proxy) = proxy else { return Ok(self.url.clone()) };
        let own = address_in(&self.url)?.to_string();
        let url = self.url.replace(&own, &proxy.to_string());
        Ok(url.strip_suffix("/postgres").unwrap_or(&url).trim_end_matches('/').to_owned() + "/charla")
    }

    /// `kill -9` of all its processes.
    pub(crate) async fn kill(&self) -> Result<()> {
        self.blocking(Server::kill).await
    }

    /// Starts it again on the same data.
    pub(crate) async fn restart(&self) -> Result<()> {
        self.blocking(Server::restart).await
    }

    /// Starts it again where it has ended by itself.
    pub(crate) async fn revive(&self) -> Result<()> {
        match &self.server {
            Some(server) if !server.runs() => self.restart().await,
            _ => Ok(()),
        }
    }

    /// Ends the primary for good, and has the replica take its place. Where that listens.
    pub(crate) async fn fail_over(&self) -> Result<SocketAddr> {
        self.blocking(|server| server.pair()?.lock().fail_over()).await?;
        let server = self.server.as_ref().context("a file is no process")?;
        address_in(&server.url())
    }

    /// Makes a new replica.
    pub(crate) async fn follow(&self) -> Result<()> {
        self.blocking(|server| server.pair()?.lock().follow()).await
    }

    pub(crate) fn pause(&self, signal: Signal) -> Result<()> {
        let server = self.server.as_ref().context("a file can't be stopped")?;
        // Its children, which do the work of PostgreSQL, are left alone: nothing new comes in, and checkpoints stop.
        machine::signal(server.pid(), signal)
    }

    async fn blocking(&self, work: fn(&Server) -> Result<()>) -> Result<()> {
        let server = self.server.clone().context("a file is no process")?;
        tokio::task::spawn_blocking(move || work(&server)).await?
    }

    async fn make_database(&self) -> Result<()> {
        if self.server.is_some() {
            let admin = sea_orm::Database::connect(&self.url).await?;
            admin.execute_unprepared("CREATE DATABASE charla").await?;
            admin.close().await?;
        }
        Ok(())
    }
}

impl Server {
    fn start(kind: Database, place: Option<PathBuf>) -> Result<Self> {
        Ok(match (kind, place) {
            (Database::Postgres, Some(place)) => {
                Self::Postgres(shared(Postgres::start_in(&place, &DURABLE)?))
            }
            (Database::Postgres, None) => Self::Postgres(shared(Postgres::start(&DURABLE)?)),
            (_, Some(place)) => Self::MariaDb(shared(MariaDb::start_in(&place, &DURABLE)?)),
            (_, None) => Self::MariaDb(shared(MariaDb::start(&DURABLE)?)),
        })
    }

    fn url(&self) -> String {
        match self {
            Self::Postgres(server) => server.lock().url(),
            Self::Pair(pair) => pair.lock().primary().url(),
            Self::MariaDb(server) => server.lock().url(),
        }
    }

    fn pid(&self) -> u32 {
        match self {
            Self::Postgres(server) => server.lock().pid(),
            Self::Pair(pair) => pair.lock().primary().pid(),
            Self::MariaDb(server) => server.lock().pid(),
        }
    }

    fn pair(&self) -> Result<&Mutex<PostgresPair>> {
        match self {
            Self::Pair(pair) => Ok(pair),
            _ => bail!("there is no replica"),
        }
    }

    fn runs(&self) -> bool {
        std::path::Path::new("/proc").join(self.pid().to_string()).exists()
    }

    fn kill(&self) -> Result<()> {
        match self {
            Self::Postgres(server) => server.lock().kill(),
            Self::Pair(pair) => pair.lock().primary().kill(),
            Self::MariaDb(server) => server.lock().kill(),
        }
    }

    fn restart(&self) -> Result<()> {
        match self {
            Self::Postgres(server) => server.lock().restart(),
            Self::Pair(pair) => pair.lock().primary().restart(),
            Self::MariaDb(server) => server.lock().restart(),
        }
    }
}

fn shared<T>(server: T) -> Arc<Mutex<T>> {
    Arc::new(Mutex::new(server))
}
