use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
};

use anyhow::Result;

use crate::{Options, Server, programs, server::Kind, words};

/// A Redis server. It never writes anything to a disk, durable or not: the channel layer is no memory.
pub type Redis = Server<RedisKind>;

/// How to run Redis.
#[derive(Debug)]
pub enum RedisKind {}

impl Kind for RedisKind {
    const NAME: &'static str = "Redis";
    const USER: &'static str = "redis";
    const STOP_SIGNAL: &'static str = "KILL";

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let program = programs::find("redis-server")?;
        let port = port.to_string();
        let folder = folder.to_string_lossy();
        let place = ["--bind", "127.0.0.1", "--port", &port, "--dir", &folder];
        let memory = ["--save", "", "--appendonly", "no"];
        Ok(words([program.as_str()].into_iter().chain(place).chain(memory)))
    }

    fn ask(mut connection: TcpStream) -> io::Result<()> {
        connection.write_all(b"PING\r\n")?;
        let mut answer = [0; 7];
        connection.read_exact(&mut answer)?;
        let refused = || io::Error::other(format!("it says {}", String::from_utf8_lossy(&answer)));
        if &answer == b"+PONG\r\n" { Ok(()) } else { Err(refused()) }
    }

    fn url(port: u16) -> String {
        format!("redis://127.0.0.1:{port}/")
    }
}
