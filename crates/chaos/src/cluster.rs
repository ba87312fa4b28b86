//! Nodes, their database and their channel layer, with a proxy between each two.

mod clock;
mod database;
mod disk;
mod node;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use charla_services::{Options as ServiceOptions, Redis};
use parking_lot::Mutex;
use tempfile::TempDir;

pub(crate) use self::{
    clock::Clock,
    database::Store,
    disk::Disk,
    node::{DOWN_WITHIN, Node},
};
use crate::{
    nemesis::Fault,
    options::{Database, RunOptions},
};

/// Everything that runs.
pub(crate) struct Cluster {
    pub(crate) nodes: Vec<Node>,
    pub(crate) store: Store,
    pub(crate) redis: Option<Mutex<Redis>>,
    pub(crate) disk: Option<Disk>,
    // The last to go: the others live in it.
    _folder: TempDir,
}

impl Cluster {
    /// Starts it, with what the faults need besides.
    pub(crate) async fn start(options: &RunOptions, faults: &[Fault]) -> Result<Self> {
        ensure!(options.nodes == 1 || options.database != Database::Sqlite, "SQLite has one node");
        let folder = tempfile::Builder::new().prefix("charla-chaos-").tempdir()?;
        // A database server may run as a user of its own, and has to get to its folder below.
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
        let disk = faults.contains(&Fault::Disk).then(|| Disk::make(folder.path())).transpose()?;
        let place = disk.as_ref().map_or_else(|| folder.path().to_owned(), |disk| disk.folder().to_owned());
        // One folder for all nodes, on the same disk as the database.
        let media = place.join("media");
        let store =
            Store::start(options.database, place, disk.is_some(), faults.contains(&Fault::Failover)).await?;
        let redis = match options.nodes > 1 && !options.without_redis {
            true => Some(tokio::task::spawn_blocking(|| Redis::start(&ServiceOptions::default())).await??),
            false => None,
        };
        let program = program(options)?;
        let mut nodes = Vec::new();
        for number in 0..options.nodes {
            let folder = folder.path().join(format!("node{number}"));
            let clock = faults.contains(&Fault::Clock).then(|| Clock::make(&folder)).transpose()?;
            let redis = redis.as_ref().map(|redis| address_in(&redis.url())).transpose()?;
            let node = Node::make(number, &program, folder, &store, (redis, &media), clock).await?;
            // One after the other: the first one makes the tables.
            node.start().await?;
            nodes.push(node);
        }
        Ok(Self { nodes, store, redis: redis.map(Mutex::new), disk, _folder: folder })
    }

    /// Everything that the nodes complained of, in files of this folder.
    pub(crate) fn keep_logs(&self, folder: &Path) -> Result<()> {
        for node in &self.nodes {
            std::fs::copy(node.log(), folder.join(format!("node{}.log", node.number)))?;
        }
        Ok(())
    }
}

fn program(options: &RunOptions) -> Result<PathBuf> {
    let program = match &options.server {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("charla"),
    };
    program
        .canonicalize()
        .with_context(|| format!("there is no {}: `make chaos` builds it", program.display()))
}

/// The address in the URL of a server on the loopback address.
fn address_in(url: &str) -> Result<SocketAddr> {
    let port = url.rsplit_once("127.0.0.1:").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
    let port = port.context("not on the loopback address")?.parse()?;
    Ok((Ipv4Addr::LOCALHOST, port).into())
}
