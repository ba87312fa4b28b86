//! Redis in all its forms. None ever writes anything but its own state to a disk, durable or not: the channel layer is no memory.

mod cluster;
mod kinds;
mod secure;
mod sentinel;

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

pub use cluster::{ClusterNodeKind, ClusterOf};
pub use kinds::{LockedRedisKind, RedisKind, SecureRedisKind};
pub use secure::{SecureClusterNodeKind, SecureMemberKind, SecureSentinelKind};
pub use sentinel::{SentinelKind, SentinelsOf};

use crate::{Kind, Server};

/// A Redis server that lets everybody in.
pub type Redis = Server<RedisKind>;

/// A Redis server that asks for a password.
pub type LockedRedis = Server<LockedRedisKind>;

/// A Redis server that takes TLS alone, from the user `charla`. Its certificate, for `localhost`, is
/// [`Server::folder`]`/certificate.pem`: its URL lacks `?ca=` with that path.
pub type SecureRedis = Server<SecureRedisKind>;

/// A cluster that lets everybody in.
pub type RedisCluster = ClusterOf<ClusterNodeKind>;

/// A server with a replica behind Sentinels, all of which let everybody in.
pub type RedisSentinels = SentinelsOf<RedisKind, SentinelKind>;

/// A cluster that takes TLS alone, and lets in who has a password; so do its nodes with each other.
pub type SecureRedisCluster = ClusterOf<SecureClusterNodeKind>;

/// The same behind Sentinels, which take TLS alone as well, and let everybody in.
pub type SecureRedisSentinels = SentinelsOf<SecureMemberKind, SecureSentinelKind>;

/// A server that is told what to do, in its own way.
pub trait Told: Kind + Send + 'static {
    /// How the URLs begin that lead to it: `redis` or `rediss`.
    const SCHEME: &'static str;
    /// User and password, where it asks for them.
    const SIGN_IN: Option<(&'static str, &'static str)>;

    /// Carries out one command, given in words without spaces in them, and returns its answer.
    fn say(port: u16, command: &str) -> Result<String>;
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Redis {
    /// Carries out one command, given in words without spaces in them, and returns its answer; of a list, the first line alone.
    pub fn say(&self, command: &str) -> Result<String> {
        say(self.port(), command)
    }
}

fn say(port: u16, command: &str) -> Result<String> {
    let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    (&connection).write_all(format!("{command}\r\n").as_bytes())?;
    let mut answers = BufReader::new(connection);
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let line = line.trim_end();
    let Some(length) = line.strip_prefix('$') else {
        ensure!(!line.starts_with('-'), "{command:?} is refused: {line}");
        return Ok(line.to_owned());
    };
    let mut text = vec![0; length.parse().context("there is no answer")?];
    answers.read_exact(&mut text)?;
    Ok(String::from_utf8(text)?)
}

/// What stands before the host in the URL.
fn login<K: Told>() -> String {
    K::SIGN_IN
        .map_or_else(String::new, |(user, password)| format!("{user}:{}@", password.replace(':', "%3A")))
}

/// Asks until the answer has all of these in it.
fn wait_for<K: Told>(port: u16, command: &str, parts: &[&str]) -> Result<()> {
    let begin = Instant::now();
    loop {
        let answer = K::say(port, command).unwrap_or_else(|error| error.to_string());
        if parts.iter().all(|part| answer.contains(part)) {
            return Ok(());
        }
        if begin.elapsed() > PATIENCE {
            bail!("{command:?} does not come to say {parts:?}, but: {answer}");
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Whether `PING` is answered by one of these.
fn greeted(mut connection: TcpStream, good: [&[u8; 7]; 2]) -> io::Result<()> {
    connection.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    connection.read_exact(&mut answer)?;
    let refused = || io::Error::other(format!("it says {}", String::from_utf8_lossy(&answer)));
    if good.contains(&&answer) { Ok(()) } else { Err(refused()) }
}
