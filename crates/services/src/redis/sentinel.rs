use std::{io, net::TcpStream, path::Path};

use anyhow::Result;

use super::{
    Told, greeted,
    kinds::{STOP_SIGNAL, USER, server},
    login, say, wait_for,
};
use crate::{Kind, Options, Server, words};

const SERVICE: &str = "charla";

/// A master with a replica, and three Sentinels that look after them as the service `charla`: a master that does not answer for
/// half a second is replaced.
#[derive(Debug)]
pub struct SentinelsOf<K: Told, S: Told> {
    servers: [Server<K>; 2],
    sentinels: Vec<Server<S>>,
}

/// How to run a Sentinel.
#[derive(Debug)]
pub enum SentinelKind {}

impl<K: Told, S: Told> SentinelsOf<K, S> {
    /// Starts all of them. Blocks until the Sentinels know each other and the replica.
    pub fn start(options: &Options) -> Result<Self> {
        let servers = [Server::<K>::start(options)?, Server::<K>::start(options)?];
        let master = servers[0].port();
        K::say(servers[1].port(), &format!("REPLICAOF 127.0.0.1 {master}"))?;
        wait_for::<K>(master, "INFO replication", &["connected_slaves:1", "state=online"])?;
        let sentinels = (0..3).map(|_| Server::start(options)).collect::<Result<Vec<Server<S>>>>()?;
        for sentinel in &sentinels {
            S::say(sentinel.port(), &format!("SENTINEL MONITOR {SERVICE} 127.0.0.1 {master} 2"))?;
            S::say(sentinel.port(), &format!("SENTINEL SET {SERVICE} down-after-milliseconds 500"))?;
            S::say(sentinel.port(), &format!("SENTINEL SET {SERVICE} failover-timeout 3000"))?;
            if let Some((user, password)) = K::SIGN_IN {
                let login = format!("SENTINEL SET {SERVICE} auth-user {user} auth-pass {password}");
                S::say(sentinel.port(), &login)?;
            }
        }
        for sentinel in &sentinels {
            wait_for::<S>(sentinel.port(), "INFO sentinel", &["status=ok", "slaves=1", "sentinels=3"])?;
        }
        Ok(Self { servers, sentinels })
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        let places: Vec<_> = self.sentinels.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        format!("{}-sentinel://{}{}/{SERVICE}", K::SCHEME, login::<K>(), places.join(","))
    }

    /// The server that was the master at first, and the one that was its replica.
    pub fn servers(&mut self) -> &mut [Server<K>; 2] {
        &mut self.servers
    }
}

impl Kind for SentinelKind {
    const NAME: &'static str = "a Redis Sentinel";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    /// It keeps in its file what it knows, and does not start without one.
    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(vec![words(["touch", "sentinel.conf"])])
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let mut command = server(folder, &["--port", &port.to_string(), "--sentinel"])?;
        command.insert(1, folder.join("sentinel.conf").to_string_lossy().into_owned());
        Ok(command)
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection, [b"+PONG\r\n"; 2])
    }

    fn url(port: u16) -> String {
        format!("redis-sentinel://127.0.0.1:{port}/{SERVICE}")
    }
}

impl Told for SentinelKind {
    const SCHEME: &'static str = "redis";
    const SIGN_IN: Option<(&'static str, &'static str)> = None;

    fn say(port: u16, command: &str) -> Result<String> {
        say(port, command)
    }
}
