use std::{io, net::TcpStream, path::Path, thread};

use anyhow::{Context, Result, anyhow};

use super::{
    Told, greeted,
    kinds::{STOP_SIGNAL, USER, server},
    login, say, wait_for,
};
use crate::{Kind, Options, Server, words};

/// A cluster of three masters without replicas.
#[derive(Debug)]
pub struct ClusterOf<K: Told> {
    nodes: Vec<Server<K>>,
}

/// How to run a node of a cluster.
#[derive(Debug)]
pub enum ClusterNodeKind {}

const SLOTS: [(u16, u16); 3] = [(0, 5460), (5461, 10_922), (10_923, 16_383)];

impl<K: Told> ClusterOf<K> {
    /// Starts the nodes and joins them. Blocks until the cluster serves all its slots.
    pub fn start(options: &Options) -> Result<Self> {
        let nodes = thread::scope(|scope| {
            let starting = SLOTS.map(|_| scope.spawn(|| Server::start(options)));
            let panicked = |_| Err(anyhow!("starting it panicked"));
            starting.into_iter().map(|thread| thread.join().unwrap_or_else(panicked)).collect::<Result<_>>()
        })?;
        let cluster = Self { nodes };
        for (node, (first, last)) in cluster.nodes.iter().zip(SLOTS) {
            K::say(node.port(), &format!("CLUSTER ADDSLOTSRANGE {first} {last}"))?;
        }
        let first = cluster.nodes[0].port();
        for (node, epoch) in cluster.nodes.iter().zip(1..) {
            K::say(node.port(), &format!("CLUSTER SET-CONFIG-EPOCH {epoch}"))?;
            K::say(node.port(), &format!("CLUSTER MEET 127.0.0.1 {first} {}", bus(first)))?;
        }
        cluster.wait()?;
        Ok(cluster)
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        let places: Vec<_> = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        format!("{}-cluster://{}{}", K::SCHEME, login::<K>(), places.join(","))
    }

    /// Its nodes.
    pub fn nodes(&mut self) -> &mut [Server<K>] {
        &mut self.nodes
    }

    /// Blocks until each node finds all slots served.
    pub fn wait(&self) -> Result<()> {
        let whole = ["cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:3", "cluster_size:3"];
        self.nodes.iter().try_for_each(|node| wait_for::<K>(node.port(), "CLUSTER INFO", &whole))
    }

    /// The slot of a channel.
    pub fn slot(&self, channel: &str) -> Result<u16> {
        let answer = K::say(self.nodes[0].port(), &format!("CLUSTER KEYSLOT {channel}"))?;
        answer.trim_start_matches(':').parse().context("a slot is a number")
    }

    /// Gives a slot of one node to another, with whatever happens in it, and tells all.
    pub fn move_slot(&self, slot: u16, from: usize, to: usize) -> Result<()> {
        let id = K::say(self.nodes[to].port(), "CLUSTER MYID")?;
        // The third one hears of it from the others in time, and till then sends clients to the wrong one.
        let third = (0..self.nodes.len()).filter(|node| ![to, from].contains(node));
        for node in [to, from].into_iter().chain(third) {
            K::say(self.nodes[node].port(), &format!("CLUSTER SETSLOT {slot} NODE {id}"))?;
        }
        Ok(())
    }
}

impl Kind for ClusterNodeKind {
    const NAME: &'static str = "a node of a Redis cluster";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _: &Options) -> Result<Vec<String>> {
        let cluster = options(port);
        let place = ["--port".to_owned(), port.to_string()];
        server(folder, &place.iter().chain(&cluster).map(String::as_str).collect::<Vec<_>>())
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection, [b"+PONG\r\n"; 2])
    }

    fn url(port: u16) -> String {
        format!("redis-cluster://127.0.0.1:{port}")
    }
}

impl Told for ClusterNodeKind {
    const SCHEME: &'static str = "redis";
    const SIGN_IN: Option<(&'static str, &'static str)> = None;

    fn say(port: u16, command: &str) -> Result<String> {
        say(port, command)
    }
}

/// What makes the server on this port a node of a cluster.
pub(super) fn options(port: u16) -> Vec<String> {
    let bus = bus(port).to_string();
    words(["--cluster-port", &bus, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000"])
}

/// The port on which nodes talk to each other: below those that are handed to servers here and to outgoing connections.
const fn bus(port: u16) -> u16 {
    port / 2
}
